package dev.synod.node.admin;

import dev.synod.admin.v1.Ballot;
import dev.synod.admin.v1.Configuration;
import dev.synod.admin.v1.ConfiguredMember;
import dev.synod.admin.v1.MemberStatus;
import dev.synod.admin.v1.Phase;
import dev.synod.admin.v1.Role;
import dev.synod.node.loop.NodeStatus;
import dev.synod.paxos.Member;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A member's status as the API says it. */
final class StatusMessages {
    private final AdminIdentity identity;

    StatusMessages(AdminIdentity identity) {
        this.identity = identity;
    }

    MemberStatus of(NodeStatus status) {
        Duration uptime = identity.uptime();
        MemberStatus.Builder message = MemberStatus.newBuilder()
                .setPhase(phase(status.phase()))
                .setForm("member")
                .setClusterName(identity.clusterName())
                .setMemberName(identity.memberName())
                .setClusterId(text(status.cluster()))
                .setMemberId(text(status.self()))
                .setIncarnation(status.incarnation())
                .setActivated(status.activated())
                .setRole(role(status.role()))
                .setLeader(text(status.leader()))
                .setEpochEstablished(status.established())
                .setConfiguration(of(status.configuration()))
                .setPromised(of(status.promised()))
                .setAccepted(of(status.accepted()))
                .setBaseIndex(status.base())
                .setLastIndex(status.last())
                .setDecidedIndex(status.decided())
                .setAppliedIndex(status.applied())
                .setRevision(status.revision())
                .setDigest(status.digest())
                .setStateBytes(status.stateBytes())
                .setSessionsAttached(status.sessionsAttached())
                .setWatches(status.watches())
                .setRequestsWaiting(status.requestsWaiting())
                .setDiskFull(status.diskFull())
                .setReady(status.ready())
                .setVersion(identity.version())
                .setUptime(com.google.protobuf.Duration.newBuilder().setSeconds(uptime.getSeconds())
                        .setNanos(uptime.getNano()));
        if (status.fault() != null) {
            message.setFault(status.fault());
        }
        return message.build();
    }

    static Configuration of(dev.synod.paxos.Configuration configuration) {
        Configuration.Builder message = Configuration.newBuilder().setEpoch(configuration.epoch());
        add(message, configuration.voters(), true);
        add(message, configuration.observers(), false);
        return message.build();
    }

    private static void add(Configuration.Builder message, List<Member> members, boolean voters) {
        for (Member member : members) {
            message.addMembers(ConfiguredMember.newBuilder().setNumber(member.number())
                    .setMemberId(member.uuid().toString()).setAddress(member.address()).setVoter(voters));
        }
    }

    private static Ballot of(dev.synod.paxos.Ballot ballot) {
        return Ballot.newBuilder().setEpoch(ballot.epoch()).setRound(ballot.round())
                .setMember(ballot.member()).build();
    }

    private static String text(@Nullable Object value) {
        return value == null ? "" : value.toString();
    }

    private static Phase phase(NodeStatus.Phase phase) {
        return switch (phase) {
            case STARTING -> Phase.PHASE_STARTING;
            case EMPTY -> Phase.PHASE_EMPTY;
            case RUNNING -> Phase.PHASE_RUNNING;
            case FAULTY -> Phase.PHASE_FAULTY;
            case STOPPED -> Phase.PHASE_STOPPING;
        };
    }

    private static Role role(dev.synod.paxos.@Nullable Role role) {
        return switch (role) {
            case null -> Role.ROLE_UNSPECIFIED;
            case FOLLOWER -> Role.ROLE_FOLLOWER;
            case PROBING -> Role.ROLE_PROBING;
            case PREPARING -> Role.ROLE_PREPARING;
            case LEADER -> Role.ROLE_LEADER;
            case OBSERVER -> Role.ROLE_OBSERVER;
            case FAULTY -> Role.ROLE_FAULTY;
        };
    }
}
