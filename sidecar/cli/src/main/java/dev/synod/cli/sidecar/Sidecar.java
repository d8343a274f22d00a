package dev.synod.cli.sidecar;

import dev.synod.cli.CommandException;
import dev.synod.cli.ExitStatus;
import dev.synod.coordination.v1.ElectionServiceGrpc;
import dev.synod.coordination.v1.ElectionServiceGrpc.ElectionServiceBlockingStub;
import dev.synod.coordination.v1.LockServiceGrpc;
import dev.synod.coordination.v1.LockServiceGrpc.LockServiceBlockingStub;
import dev.synod.coordination.v1.SessionServiceGrpc;
import dev.synod.coordination.v1.SessionServiceGrpc.SessionServiceBlockingStub;
import dev.synod.coordination.v1.ValueServiceGrpc;
import dev.synod.coordination.v1.ValueServiceGrpc.ValueServiceBlockingStub;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.stub.AbstractBlockingStub;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A sidecar on this machine, to be asked once or a few times. Safe for threads. */
public final class Sidecar implements AutoCloseable {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private final ManagedChannel managed;
    private final Channel channel;
    private final Duration timeout;

    Sidecar(String endpoint, String tokenFile, Duration timeout) {
        this.timeout = timeout;
        try {
            managed = Grpc.newChannelBuilder(endpoint, InsecureChannelCredentials.create())
                    .proxyDetector(address -> null) // it is on this machine
                    .build();
        } catch (IllegalArgumentException e) {
            throw notAnEndpoint(endpoint, e);
        }
        Channel told = ClientInterceptors.intercept(managed, Unanswered.ofSidecar(endpoint));
        channel = tokenFile.isEmpty() ? told : withToken(told, Path.of(tokenFile));
    }

    static CommandException notAnEndpoint(String endpoint, IllegalArgumentException why) {
        return new CommandException(ExitStatus.USAGE, "the endpoint is '" + endpoint
                + "'; allowed are host:port and unix:///path", why);
    }

    private static Channel withToken(Channel channel, Path file) {
        try {
            Metadata headers = new Metadata();
            headers.put(AUTHORIZATION, "Bearer " + Files.readString(file).strip());
            return ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers));
        } catch (IOException e) {
            throw new CommandException(ExitStatus.CONFIGURATION, "the token file " + file
                    + " (SYNOD_TOKEN_FILE) cannot be read: " + e.getMessage(), e);
        }
    }

    /** For streams, which end when this is closed, and stubs of other services. */
    public Channel channel() {
        return channel;
    }

    /** A sidecar that starts is there sooner than gRPC's back-off expects. */
    public void reconnect() {
        managed.resetConnectBackoff();
    }

    private <S extends AbstractBlockingStub<S>> S within(S stub) {
        return stub.withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Locks; a call takes no longer than the timeout. */
    public LockServiceBlockingStub locks() {
        return within(LockServiceGrpc.newBlockingStub(channel));
    }

    /** Elections, likewise. */
    public ElectionServiceBlockingStub elections() {
        return within(ElectionServiceGrpc.newBlockingStub(channel));
    }

    /** Values, likewise. */
    public ValueServiceBlockingStub values() {
        return within(ValueServiceGrpc.newBlockingStub(channel));
    }

    /** Sessions, likewise. */
    public SessionServiceBlockingStub sessions() {
        return within(SessionServiceGrpc.newBlockingStub(channel));
    }

    @Override
    public void close() {
        managed.shutdownNow();
    }
}
