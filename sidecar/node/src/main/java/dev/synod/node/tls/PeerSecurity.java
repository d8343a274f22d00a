package dev.synod.node.tls;

import dev.synod.node.StartException;
import io.grpc.ServerInterceptor;
import io.grpc.StatusException;
import io.netty.handler.ssl.SslContext;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How connections between processes are secured: by certificates, or not at all. */
public interface PeerSecurity {
    /** Not at all: everyone who reaches the ports may do everything. For loopback only. */
    PeerSecurity NONE = new PeerSecurity() {
        @Override
        public @Nullable SslContext client() {
            return null;
        }

        @Override
        public @Nullable SslContext server() {
            return null;
        }

        @Override
        public @Nullable ServerInterceptor allow(Set<PeerRole> roles,
                Function<String, StatusException> refusal) {
            return null;
        }

        @Override
        public void ensureSound() {}

        @Override
        public boolean refresh() {
            return false;
        }
    };

    /** To call members; null for connections in the clear. */
    @Nullable
    SslContext client();

    /** To be called; null for connections in the clear. */
    @Nullable
    SslContext server();

    /**
     * Lets only callers with one of the roles pass; null when nobody is checked.
     *
     * @param refusal makes the status of a refused call from a text
     */
    @Nullable
    ServerInterceptor allow(Set<PeerRole> roles, Function<String, StatusException> refusal);

    /** The same with a plain status. */
    default @Nullable ServerInterceptor allow(PeerRole first, PeerRole... more) {
        return allow(EnumSet.of(first, more), RoleCheck::plain);
    }

    /**
     * Waits for what is looked at while the rest of a start goes on: whether key and certificate are a pair.
     *
     * @throws StartException when they are not, saying what to do
     */
    void ensureSound() throws StartException;

    /**
     * Looks whether the files have changed, and takes them if they are sound; what does not fit is logged,
     * and what was there stays. May block.
     *
     * @return whether new ones are in use
     */
    boolean refresh();

    /**
     * From files; {@link #ensureSound} must follow.
     *
     * @throws StartException when they cannot be used, saying which and why
     */
    static PeerSecurity of(CertificateFiles files) throws StartException {
        return FileSecurity.open(files);
    }
}
