package dev.synod.node.admin;

import com.google.rpc.Code;
import dev.synod.admin.v1.ActivateRequest;
import dev.synod.admin.v1.ActivateResponse;
import dev.synod.admin.v1.AddObserverRequest;
import dev.synod.admin.v1.AddObserverResponse;
import dev.synod.admin.v1.AdminServiceGrpc;
import dev.synod.admin.v1.ConfirmStatusRequest;
import dev.synod.admin.v1.ConfirmStatusResponse;
import dev.synod.admin.v1.ErrorReason;
import dev.synod.admin.v1.FormatRequest;
import dev.synod.admin.v1.FormatResponse;
import dev.synod.admin.v1.GetDigestRequest;
import dev.synod.admin.v1.GetDigestResponse;
import dev.synod.admin.v1.GetStatusRequest;
import dev.synod.admin.v1.GetStatusResponse;
import dev.synod.admin.v1.InitialMember;
import dev.synod.admin.v1.ReconfigureRequest;
import dev.synod.admin.v1.ReconfigureResponse;
import dev.synod.admin.v1.RemoveObserverRequest;
import dev.synod.admin.v1.RemoveObserverResponse;
import dev.synod.admin.v1.StreamBackupRequest;
import dev.synod.admin.v1.StreamBackupResponse;
import dev.synod.admin.v1.TransferLeadershipRequest;
import dev.synod.admin.v1.TransferLeadershipResponse;
import dev.synod.member.Answer;
import dev.synod.member.Consistency;
import dev.synod.node.HostPort;
import dev.synod.node.RequestFailedException;
import dev.synod.node.loop.BulkThread;
import dev.synod.node.loop.MemberHost;
import dev.synod.node.loop.NodeStatus;
import dev.synod.paxos.Configuration;
import dev.synod.paxos.Role;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.StatusException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Looks after one member. Runs on the event loop. */
public final class AdminService extends AdminServiceGrpc.AdminServiceImplBase {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int BACKUP_FORMAT = 1;

    private final MemberHost host;
    private final Predicate<UUID> connected;
    private final BulkThread bulk;
    private final Executor loop;
    private final AdminIdentity identity;
    private final StatusMessages statuses;

    /**
     * The service of one member.
     *
     * @param connected whether a member can be reached
     * @param loop the event loop
     */
    public AdminService(MemberHost host, Predicate<UUID> connected, BulkThread bulk, Executor loop,
            AdminIdentity identity) {
        this.host = host;
        this.connected = connected;
        this.bulk = bulk;
        this.loop = loop;
        this.identity = identity;
        this.statuses = new StatusMessages(identity);
    }

    /** The status of a call that shows no role it needs. */
    public static StatusException noRole(String text) {
        return AdminErrors.noRole(text);
    }

    // ---- looking ------------------------------------------------------------------------------------------

    @Override
    public void getStatus(GetStatusRequest request, StreamObserver<GetStatusResponse> responses) {
        responses.onNext(GetStatusResponse.newBuilder().setStatus(statuses.of(status())).build());
        responses.onCompleted();
    }

    @Override
    public void confirmStatus(ConfirmStatusRequest request,
            StreamObserver<ConfirmStatusResponse> responses) {
        answer(responses, read(() -> ConfirmStatusResponse.newBuilder()
                .setStatus(statuses.of(status())).build()));
    }

    @Override
    public void getDigest(GetDigestRequest request, StreamObserver<GetDigestResponse> responses) {
        NodeStatus status = status();
        if (status.role() == null) {
            responses.onError(AdminErrors.noMember(status));
            return;
        }
        responses.onNext(GetDigestResponse.newBuilder().setAppliedIndex(status.applied())
                .setRevision(status.revision()).setDigest(status.digest()).build());
        responses.onCompleted();
    }

    private NodeStatus status() {
        return host.loop().status();
    }

    private <T> CompletableFuture<T> read(Supplier<T> answer) {
        return host.coordinator().read(Consistency.linearizable(), timeout(), state -> answer.get());
    }

    private <T> void answer(StreamObserver<T> responses, CompletableFuture<T> outcome) {
        outcome.whenComplete((response, thrown) -> {
            if (thrown == null) {
                responses.onNext(response);
                responses.onCompleted();
            } else {
                responses.onError(error(thrown));
            }
        });
    }

    private Throwable error(Throwable thrown) {
        return thrown instanceof RequestFailedException failed
                ? AdminErrors.ofRead(failed.failed(), status())
                : thrown;
    }

    /** What the caller leaves, and no more than is bearable. */
    private static Duration timeout() {
        Deadline deadline = Context.current().getDeadline();
        if (deadline == null) {
            return TIMEOUT;
        }
        Duration left = Duration.ofNanos(Math.max(1, deadline.timeRemaining(TimeUnit.NANOSECONDS)));
        return left.compareTo(TIMEOUT) < 0 ? left : TIMEOUT;
    }

    // ---- making a member ----------------------------------------------------------------------------------

    @Override
    public void format(FormatRequest request, StreamObserver<FormatResponse> responses) {
        try {
            UUID cluster = uuid("cluster_id", request.getClusterId());
            UUID member = uuid("member_id", request.getMemberId());
            Configuration initial = initial(request.getVotersList(), member);
            host.format(cluster, member, initial).thenAccept(outcome -> {
                switch (outcome) {
                    case MemberHost.Formatted.Done done -> {
                        responses.onNext(FormatResponse.newBuilder().setAlready(done.already()).build());
                        responses.onCompleted();
                    }
                    case MemberHost.Formatted.Taken taken -> responses.onError(AdminErrors.of(
                            Code.FAILED_PRECONDITION, ErrorReason.ERROR_REASON_VOLUME_TAKEN, taken.text()));
                    case MemberHost.Formatted.Full full -> responses.onError(AdminErrors.of(
                            Code.RESOURCE_EXHAUSTED, ErrorReason.ERROR_REASON_DISK_FULL, full.text()));
                    case MemberHost.Formatted.TooEarly early ->
                            responses.onError(AdminErrors.noMember(status()));
                }
            });
        } catch (StatusException e) {
            responses.onError(e);
        }
    }

    private static Configuration initial(List<InitialMember> voters, UUID self) throws StatusException {
        if (voters.isEmpty()) {
            return Configuration.NONE;
        }
        List<UUID> uuids = new ArrayList<>();
        List<String> addresses = new ArrayList<>();
        for (InitialMember voter : voters) {
            uuids.add(uuid("voters.member_id", voter.getMemberId()));
            addresses.add(address("voters.address", voter.getAddress()));
        }
        if (!uuids.contains(self)) {
            throw AdminErrors.invalid("member_id " + self + " is not among the voters " + uuids
                    + ": name all first voters, or none for a newcomer");
        }
        if (uuids.size() % 2 == 0 || uuids.size() > Configuration.VOTERS_MAX
                || new HashSet<>(uuids).size() < uuids.size()) {
            throw AdminErrors.invalid(uuids.size() + " voters " + uuids
                    + ": allowed are 1, 3, 5 or 7 different ones");
        }
        return Configuration.initial(uuids, addresses);
    }

    @Override
    public void activate(ActivateRequest request, StreamObserver<ActivateResponse> responses) {
        try {
            UUID cluster = uuid("cluster_id", request.getClusterId());
            NodeStatus status = status();
            if (status.cluster() == null) {
                throw AdminErrors.noMember(status);
            }
            if (!status.cluster().equals(cluster)) {
                throw AdminErrors.of(Code.FAILED_PRECONDITION, ErrorReason.ERROR_REASON_VOLUME_TAKEN,
                        "this volume belongs to cluster " + status.cluster() + ", not to " + cluster);
            }
            changed(responses, host.activate(timeout()), done -> ActivateResponse.getDefaultInstance());
        } catch (StatusException e) {
            responses.onError(e);
        }
    }

    // ---- changing the cluster -----------------------------------------------------------------------------

    @Override
    public void reconfigure(ReconfigureRequest request, StreamObserver<ReconfigureResponse> responses) {
        try {
            List<UUID> voters = new ArrayList<>();
            for (String voter : request.getVotersList()) {
                voters.add(uuid("voters", voter));
            }
            Duration timeout = timeout();
            int expected = request.getExpectedEpoch();
            var outcome = host.coordinator().reconfigure(expected, voters, timeout)
                    .thenCompose(answer -> answer instanceof Answer.Changed
                            ? entered(expected, timeout).thenApply(done -> answer)
                            : CompletableFuture.completedFuture(answer));
            changed(responses, outcome,
                    status -> ReconfigureResponse.newBuilder().setStatus(statuses.of(status)).build());
        } catch (StatusException e) {
            responses.onError(e);
        }
    }

    /** The change is decided; this member has entered the epoch behind it once that is durable. */
    private CompletableFuture<Void> entered(int before, Duration timeout) {
        return host.loop().until(() -> status().configuration().epoch() > before, timeout);
    }

    @Override
    public void addObserver(AddObserverRequest request, StreamObserver<AddObserverResponse> responses) {
        try {
            UUID member = uuid("member_id", request.getMemberId());
            String address = address("address", request.getAddress());
            changed(responses, host.coordinator().addObserver(member, address, timeout()),
                    status -> AddObserverResponse.getDefaultInstance());
        } catch (StatusException e) {
            responses.onError(e);
        }
    }

    @Override
    public void removeObserver(RemoveObserverRequest request,
            StreamObserver<RemoveObserverResponse> responses) {
        try {
            UUID member = uuid("member_id", request.getMemberId());
            changed(responses, host.coordinator().removeObserver(member, timeout()),
                    status -> RemoveObserverResponse.getDefaultInstance());
        } catch (StatusException e) {
            responses.onError(e);
        }
    }

    @Override
    public void transferLeadership(TransferLeadershipRequest request,
            StreamObserver<TransferLeadershipResponse> responses) {
        try {
            NodeStatus status = status();
            if (status.role() == null) {
                throw AdminErrors.noMember(status);
            }
            if (status.role() != Role.LEADER) {
                throw AdminErrors.of(
                        new Answer.Failed(dev.synod.member.Failure.NO_LEADER, false, null, 0), status);
            }
            UUID target = request.getTarget().isEmpty() ? null : uuid("target", request.getTarget());
            if (target != null && (target.equals(status.self())
                    || !status.configuration().isVoter(target))) {
                throw AdminErrors.invalid("target " + target + " is not another voter of epoch "
                        + status.configuration().epoch());
            }
            CompletableFuture<Boolean> outcome = target == null
                    ? host.handOver(connected, timeout())
                    : host.handOver(target, timeout());
            outcome.thenAccept(handedOver -> transferred(responses, handedOver));
        } catch (StatusException e) {
            responses.onError(e);
        }
    }

    private void transferred(StreamObserver<TransferLeadershipResponse> responses, boolean handedOver) {
        if (!handedOver) {
            responses.onError(AdminErrors.of(Code.UNAVAILABLE, ErrorReason.ERROR_REASON_NO_QUORUM,
                    "no voter took over in time: this member goes on leading; call again"));
            return;
        }
        UUID leader = status().leader();
        responses.onNext(TransferLeadershipResponse.newBuilder()
                .setLeader(leader == null ? "" : leader.toString()).build());
        responses.onCompleted();
    }

    private <T> void changed(StreamObserver<T> responses, CompletableFuture<Answer> outcome,
            Function<NodeStatus, T> response) {
        outcome.thenAccept(answer -> {
            if (answer instanceof Answer.Changed) {
                responses.onNext(response.apply(status()));
                responses.onCompleted();
            } else {
                responses.onError(AdminErrors.of(answer, status()));
            }
        });
    }

    // ---- backup -------------------------------------------------------------------------------------------

    @Override
    public void streamBackup(StreamBackupRequest request, StreamObserver<StreamBackupResponse> responses) {
        var stream = (ServerCallStreamObserver<StreamBackupResponse>) responses;
        CompletableFuture<BackupStream> begun = new CompletableFuture<>();
        stream.setOnReadyHandler(() -> begun.thenAccept(BackupStream::pump));
        stream.setOnCancelHandler(() -> {});
        host.coordinator().read(Consistency.linearizable(), timeout(), state -> {
            NodeStatus status = status();
            stream.onNext(StreamBackupResponse.newBuilder()
                    .setHeader(StreamBackupResponse.Header.newBuilder().setFormat(BACKUP_FORMAT)
                            .setClusterId(String.valueOf(status.cluster()))
                            .setMemberId(String.valueOf(status.self()))
                            .setAppliedIndex(state.appliedIndex()).setRevision(state.revision())
                            .setDigest(state.digest())
                            .setConfiguration(StatusMessages.of(status.configuration()))
                            .setVersion(identity.version()))
                    .build());
            return new BackupStream(stream, bulk, loop, state.capture());
        }).whenComplete((backup, thrown) -> {
            if (thrown != null) {
                stream.onError(error(thrown));
                return;
            }
            begun.complete(backup);
            backup.pump();
        });
    }

    // ---- fields -------------------------------------------------------------------------------------------

    private static UUID uuid(String field, String text) throws StatusException {
        try {
            UUID uuid = UUID.fromString(text);
            if (uuid.toString().equalsIgnoreCase(text)) {
                return uuid;
            }
        } catch (IllegalArgumentException e) {
            // Said below, for both.
        }
        throw AdminErrors.invalid(field + " is \"" + text
                + "\": allowed is a UUID such as 7d4cbe29-2b1f-4d3e-9a54-0c6a1d5a7f10");
    }

    private static String address(String field, String text) throws StatusException {
        HostPort address = HostPort.parse(text);
        if (address == null || address.port() == 0 || text.length() > Configuration.ADDRESS_BYTES_MAX) {
            throw AdminErrors.invalid(field + " is \"" + text + "\": allowed is host:port of the member's"
                    + " peer port, at most " + Configuration.ADDRESS_BYTES_MAX + " bytes");
        }
        return text;
    }
}
