package dev.synod.operator.members;

import dev.synod.admin.v1.Ballot;
import dev.synod.admin.v1.ConfiguredMember;
import dev.synod.admin.v1.MemberStatus;
import dev.synod.operator.model.Names;
import dev.synod.operator.plan.Observed;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a member's status means for the plan. */
final class Statuses {
    private Statuses() {}

    /**
     * Reads what the others here rely on.
     *
     * @throws IllegalArgumentException when something is no UUID: whoever answers there is no member
     */
    static void check(MemberStatus status) {
        uuid(status.getClusterId());
        uuid(status.getMemberId());
        uuid(status.getLeader());
        status.getConfiguration().getMembersList().forEach(member -> uuid(member.getMemberId()));
    }

    static Observed.Member member(MemberStatus status) {
        Observed.Phase phase = switch (status.getPhase()) {
            case PHASE_EMPTY -> Observed.Phase.EMPTY;
            case PHASE_RUNNING -> Observed.Phase.RUNNING;
            case PHASE_FAULTY -> Observed.Phase.FAULTY;
            case PHASE_STARTING, PHASE_STOPPING, PHASE_UNSPECIFIED, UNRECOGNIZED -> Observed.Phase.BUSY;
        };
        return new Observed.Member(phase, uuid(status.getMemberId()), uuid(status.getClusterId()),
                status.getActivated(), status.getReady(), status.getAppliedIndex(), log(status),
                electorate(status), status.getDiskFull(), status.getVersion(), status.getFault());
    }

    private static Observed.Log log(MemberStatus status) {
        Ballot accepted = status.getAccepted();
        return new Observed.Log(accepted.getEpoch(), accepted.getRound(), accepted.getMember(),
                status.getLastIndex());
    }

    private static Observed.Electorate electorate(MemberStatus status) {
        return new Observed.Electorate(status.getConfiguration().getEpoch(),
                status.getConfiguration().getMembersList().stream().filter(ConfiguredMember::getVoter)
                        .map(member -> UUID.fromString(member.getMemberId())).toList());
    }

    /** Of a status that a quorum confirmed. */
    static Observed.Confirmed confirmed(Names names, MemberStatus status) {
        List<Observed.Configured> members = new ArrayList<>();
        for (ConfiguredMember member : status.getConfiguration().getMembersList()) {
            members.add(new Observed.Configured(UUID.fromString(member.getMemberId()), member.getVoter(),
                    names.slotOfAddress(member.getAddress())));
        }
        return new Observed.Confirmed(status.getConfiguration().getEpoch(), status.getEpochEstablished(),
                members, uuid(status.getLeader()), status.getDecidedIndex());
    }

    private static @Nullable UUID uuid(String text) {
        return text.isEmpty() ? null : UUID.fromString(text);
    }
}
