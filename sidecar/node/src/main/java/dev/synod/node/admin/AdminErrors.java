package dev.synod.node.admin;

import com.google.protobuf.Any;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.Status;
import dev.synod.admin.v1.ErrorReason;
import dev.synod.member.Answer;
import dev.synod.member.Failure;
import dev.synod.node.loop.NodeStatus;
import dev.synod.paxos.Member;
import dev.synod.paxos.Role;
import io.grpc.StatusException;
import io.grpc.protobuf.StatusProto;
import java.util.Map;
import java.util.UUID;

/** Statuses of failed calls, each with a reason for programs and a text for people. */
final class AdminErrors {
    private static final String DOMAIN = "admin.synod.dev";
    private static final String PREFIX = "ERROR_REASON_";

    private AdminErrors() {}

    static StatusException of(Code code, ErrorReason reason, String text) {
        return of(code, reason, text, Map.of());
    }

    private static StatusException of(Code code, ErrorReason reason, String text,
            Map<String, String> metadata) {
        ErrorInfo info = ErrorInfo.newBuilder().setDomain(DOMAIN)
                .setReason(reason.name().substring(PREFIX.length())).putAllMetadata(metadata).build();
        return StatusProto.toStatusException(Status.newBuilder().setCode(code.getNumber()).setMessage(text)
                .addDetails(Any.pack(info)).build());
    }

    static StatusException invalid(String text) {
        return of(Code.INVALID_ARGUMENT, ErrorReason.ERROR_REASON_INVALID_REQUEST, text);
    }

    static StatusException noRole(String text) {
        return of(Code.PERMISSION_DENIED, ErrorReason.ERROR_REASON_ROLE_MISSING, text);
    }

    /** No member runs. */
    static StatusException noMember(NodeStatus status) {
        return switch (status.phase()) {
            case EMPTY -> of(Code.FAILED_PRECONDITION, ErrorReason.ERROR_REASON_NOT_FORMATTED,
                    "the volume is empty: format it first");
            case FAULTY -> of(Code.FAILED_PRECONDITION, ErrorReason.ERROR_REASON_MEMBER_UNAVAILABLE,
                    "the member is FAULTY and silent: " + status.fault()
                            + "; have it replaced under a new UUID");
            case STARTING, RUNNING, STOPPED ->
                    of(Code.UNAVAILABLE, ErrorReason.ERROR_REASON_MEMBER_UNAVAILABLE,
                            "the member is not running: " + status.phase() + "; call again");
        };
    }

    /** What a change of the cluster came to, when it is not done. */
    static StatusException of(Answer answer, NodeStatus status) {
        return switch (answer) {
            case Answer.NotAllowed refused ->
                    of(Code.FAILED_PRECONDITION, ErrorReason.ERROR_REASON_NOT_ALLOWED, refused.text());
            case Answer.Failed failed -> of(failed, status);
            default -> of(Code.INTERNAL, ErrorReason.ERROR_REASON_UNSPECIFIED,
                    "the member answered " + answer);
        };
    }

    /** Why a read was not served, on whatever member it was asked. */
    static StatusException ofRead(Answer.Failed failed, NodeStatus status) {
        return failed.reason() == Failure.NO_LEADER
                ? of(Code.UNAVAILABLE, ErrorReason.ERROR_REASON_NO_QUORUM,
                        "no leader with a quorum of voters confirmed it in time; GetStatus shows what this"
                                + " member knows by itself")
                : of(failed, status);
    }

    static StatusException of(Answer.Failed failed, NodeStatus status) {
        return switch (failed.reason()) {
            case UNAVAILABLE -> noMember(status);
            case DISK_FULL -> of(Code.RESOURCE_EXHAUSTED, ErrorReason.ERROR_REASON_DISK_FULL,
                    "the leader's disk is full: give its volume more room");
            case BUSY -> of(Code.UNAVAILABLE, ErrorReason.ERROR_REASON_BUSY,
                    "another change is under way, or too much waits: call again");
            case NO_LEADER -> status.role() == Role.LEADER || status.leader() == null || failed.maybeApplied()
                    ? noQuorum(failed.maybeApplied())
                    : notLeader(status);
            default -> of(Code.UNAVAILABLE, ErrorReason.ERROR_REASON_NO_QUORUM,
                    "it failed: " + failed.reason(),
                    Map.of("maybe_applied", String.valueOf(failed.maybeApplied())));
        };
    }

    private static StatusException noQuorum(boolean maybeApplied) {
        return of(Code.UNAVAILABLE, ErrorReason.ERROR_REASON_NO_QUORUM,
                "no quorum of voters confirmed it in time: it " + (maybeApplied ? "may still" : "will not")
                        + " take effect",
                Map.of("maybe_applied", String.valueOf(maybeApplied)));
    }

    private static StatusException notLeader(NodeStatus status) {
        UUID leader = status.leader();
        Member known = leader == null ? null : status.configuration().member(leader);
        return of(Code.FAILED_PRECONDITION, ErrorReason.ERROR_REASON_NOT_LEADER,
                "this member does not lead: ask " + leader
                        + (known == null ? "" : ", whose peers reach it at " + known.address()),
                Map.of("leader", String.valueOf(leader), "leader_address",
                        known == null ? "" : known.address()));
    }
}
