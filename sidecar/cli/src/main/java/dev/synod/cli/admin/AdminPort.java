package dev.synod.cli.admin;

import dev.synod.admin.v1.ActivateRequest;
import dev.synod.admin.v1.AddObserverRequest;
import dev.synod.admin.v1.AdminServiceGrpc;
import dev.synod.admin.v1.AdminServiceGrpc.AdminServiceBlockingStub;
import dev.synod.admin.v1.ConfirmStatusRequest;
import dev.synod.admin.v1.FormatRequest;
import dev.synod.admin.v1.GetDigestRequest;
import dev.synod.admin.v1.GetDigestResponse;
import dev.synod.admin.v1.GetStatusRequest;
import dev.synod.admin.v1.InitialMember;
import dev.synod.admin.v1.MemberStatus;
import dev.synod.admin.v1.StreamBackupRequest;
import dev.synod.admin.v1.StreamBackupResponse;
import dev.synod.admin.v1.TransferLeadershipRequest;
import dev.synod.cli.CommandException;
import dev.synod.cli.ExitStatus;
import dev.synod.cli.sidecar.Unanswered;
import io.grpc.Channel;
import io.grpc.ChannelCredentials;
import io.grpc.ClientInterceptors;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One member's admin port. Safe for threads. */
public final class AdminPort implements AutoCloseable {
    private static final Duration QUICK = Duration.ofSeconds(1);
    private static final Duration PATIENT = Duration.ofSeconds(10);
    /** Longer than a member tries to find a quorum: it says better what it lacks than silence does. */
    private static final Duration QUORUM = Duration.ofSeconds(15);
    private static final Duration LONG = Duration.ofMinutes(5);

    private final ManagedChannel channel;
    private final Channel told;
    private final String address;

    private AdminPort(String address, ManagedChannel channel) {
        this.address = address;
        this.channel = channel;
        this.told = ClientInterceptors.intercept(channel, Unanswered.ofMember(address));
    }

    /**
     * Connects when it is first used, in the clear.
     *
     * @param address host:port
     */
    public AdminPort(String address) {
        this(address, channel(address, InsecureChannelCredentials.create(), null));
    }

    /**
     * Connects when it is first used, with mutual authentication.
     *
     * @param serverName that the member's certificate must show; null for the host of the address
     * @throws IOException when a file cannot be used
     */
    public static AdminPort withTls(String address, Path certificate, Path key, Path authorities,
            @Nullable String serverName) throws IOException {
        ChannelCredentials credentials = TlsChannelCredentials.newBuilder()
                .keyManager(certificate.toFile(), key.toFile())
                .trustManager(authorities.toFile())
                .build();
        return new AdminPort(address, channel(address, credentials, serverName));
    }

    private static ManagedChannel channel(String address, ChannelCredentials credentials,
            @Nullable String serverName) {
        try {
            ManagedChannelBuilder<?> builder = Grpc.newChannelBuilder("dns:///" + address, credentials);
            return (serverName == null ? builder : builder.overrideAuthority(serverName)).build();
        } catch (IllegalArgumentException e) {
            throw new CommandException(ExitStatus.USAGE,
                    "the admin port is '" + address + "'; allowed is host:port", e);
        }
    }

    /** Where it is. */
    public String address() {
        return address;
    }

    private AdminServiceBlockingStub stub(Duration patience) {
        return AdminServiceGrpc.newBlockingStub(told)
                .withDeadlineAfter(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** How the member stands; null when it does not answer, or this is closed. */
    public @Nullable MemberStatus statusIfAny() {
        try {
            return stub(QUICK).getStatus(GetStatusRequest.getDefaultInstance()).getStatus();
        } catch (StatusRuntimeException e) {
            if (isSilence(e)) {
                channel.resetConnectBackoff(); // a process that starts is there sooner than gRPC expects
                return null;
            }
            throw e;
        }
    }

    private static boolean isSilence(StatusRuntimeException e) {
        Status.Code code = e.getStatus().getCode();
        return switch (code) {
            case UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED -> true; // the last when this was closed meanwhile
            default -> false;
        };
    }

    /** How the member stands. */
    public MemberStatus status() {
        return stub(PATIENT).getStatus(GetStatusRequest.getDefaultInstance()).getStatus();
    }

    /** The same, confirmed by a quorum after this was called. */
    public MemberStatus confirmedStatus() {
        return stub(QUORUM).confirmStatus(ConfirmStatusRequest.getDefaultInstance()).getStatus();
    }

    /** The digest of the state as far as it is applied. */
    public GetDigestResponse digest() {
        return stub(PATIENT).getDigest(GetDigestRequest.getDefaultInstance());
    }

    /**
     * Makes the empty volume a member's, or finds that it is that already.
     *
     * @param voters of the first configuration; none for a newcomer
     */
    public void format(UUID cluster, UUID member, List<InitialMember> voters) {
        stub(PATIENT).format(FormatRequest.newBuilder()
                .setClusterId(cluster.toString())
                .setMemberId(member.toString())
                .addAllVoters(voters)
                .build());
    }

    /** Lets the member vote. */
    public void activate(UUID cluster) {
        stub(PATIENT).activate(ActivateRequest.newBuilder().setClusterId(cluster.toString()).build());
    }

    /** Adds an observer; of the leader only. */
    public void addObserver(UUID member, String peerAddress) {
        stub(PATIENT).addObserver(AddObserverRequest.newBuilder()
                .setMemberId(member.toString()).setAddress(peerAddress).build());
    }

    /** Hands leadership of the cluster over; of the leader only. Empty: to whoever answers first. */
    public String transferLeadership(String target) {
        return stub(PATIENT)
                .transferLeadership(TransferLeadershipRequest.newBuilder().setTarget(target).build())
                .getLeader();
    }

    /** The whole state, in pieces. */
    public Iterator<StreamBackupResponse> backup() {
        return stub(LONG).streamBackup(StreamBackupRequest.getDefaultInstance());
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
