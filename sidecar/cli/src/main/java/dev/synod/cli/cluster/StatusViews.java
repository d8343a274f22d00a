package dev.synod.cli.cluster;

import dev.synod.admin.v1.Ballot;
import dev.synod.admin.v1.ConfiguredMember;
import dev.synod.admin.v1.MemberStatus;
import dev.synod.cli.Spans;
import dev.synod.cli.output.Tree;
import dev.synod.cli.sidecar.Claims;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** How a member's status is shown. */
final class StatusViews {
    private StatusViews() {}

    static String ballot(Ballot ballot) {
        return ballot.getEpoch() + "." + ballot.getRound() + "." + ballot.getMember();
    }

    static String phase(MemberStatus status) {
        return Claims.word(status.getPhase(), "PHASE_");
    }

    static String role(MemberStatus status) {
        return Claims.word(status.getRole(), "ROLE_");
    }

    static Tree tree(MemberStatus status) {
        List<Object> members = new ArrayList<>();
        for (ConfiguredMember member : status.getConfiguration().getMembersList()) {
            members.add(new Tree()
                    .with("number", member.getNumber())
                    .with("memberId", member.getMemberId())
                    .with("address", member.getAddress())
                    .with("voter", member.getVoter())
                    .fields());
        }
        return new Tree()
                .with("phase", phase(status))
                .with("form", status.getForm())
                .with("clusterName", status.getClusterName())
                .with("memberName", status.getMemberName())
                .with("clusterId", status.getClusterId())
                .with("memberId", status.getMemberId())
                .with("incarnation", status.getIncarnation())
                .with("activated", status.getActivated())
                .with("role", role(status))
                .with("leader", status.getLeader())
                .with("epoch", status.getConfiguration().getEpoch())
                .with("epochEstablished", status.getEpochEstablished())
                .with("members", members)
                .with("promised", ballot(status.getPromised()))
                .with("accepted", ballot(status.getAccepted()))
                .with("baseIndex", status.getBaseIndex())
                .with("lastIndex", status.getLastIndex())
                .with("decidedIndex", status.getDecidedIndex())
                .with("appliedIndex", status.getAppliedIndex())
                .with("revision", status.getRevision())
                .with("digest", String.format("%016x", status.getDigest()))
                .with("stateBytes", status.getStateBytes())
                .with("sessionsAttached", status.getSessionsAttached())
                .with("watches", status.getWatches())
                .with("requestsWaiting", status.getRequestsWaiting())
                .with("diskFull", status.getDiskFull())
                .with("fault", status.getFault())
                .with("ready", status.getReady())
                .with("version", status.getVersion())
                .with("uptimeMillis", uptime(status).toMillis());
    }

    static Duration uptime(MemberStatus status) {
        return Duration.ofSeconds(status.getUptime().getSeconds(), status.getUptime().getNanos());
    }

    static String text(MemberStatus status) {
        StringBuilder text = new StringBuilder();
        line(text, "member", status.getMemberName() + " of " + status.getClusterName()
                + (status.getMemberId().isEmpty() ? "" : ", " + status.getMemberId()));
        line(text, "phase", phase(status) + (status.getReady() ? ", ready" : ", not ready") + ", up "
                + Spans.rough(uptime(status)) + ", version " + status.getVersion());
        if (!status.getFault().isEmpty()) {
            line(text, "FAULT", status.getFault());
        }
        if (status.getClusterId().isEmpty()) {
            return text.toString();
        }
        line(text, "cluster", status.getClusterId() + ", incarnation " + status.getIncarnation());
        line(text, "role", role(status) + (status.getActivated() ? "" : ", not activated")
                + ", leader " + leader(status));
        line(text, "epoch", status.getConfiguration().getEpoch()
                + (status.getEpochEstablished() ? "" : ", not established yet") + ", promised "
                + ballot(status.getPromised()) + ", accepted " + ballot(status.getAccepted()));
        line(text, "log", (status.getBaseIndex() + 1) + " to " + status.getLastIndex() + ", decided "
                + status.getDecidedIndex() + ", applied " + status.getAppliedIndex());
        line(text, "state", "revision " + status.getRevision() + ", " + status.getStateBytes()
                + " bytes, digest " + String.format("%016x", status.getDigest()));
        line(text, "here", status.getSessionsAttached() + " sessions attached, " + status.getWatches()
                + " watches, " + status.getRequestsWaiting() + " requests wait"
                + (status.getDiskFull() ? ", DISK FULL" : ""));
        return text.toString();
    }

    private static String leader(MemberStatus status) {
        for (ConfiguredMember member : status.getConfiguration().getMembersList()) {
            if (member.getMemberId().equals(status.getLeader())) {
                return member.getAddress();
            }
        }
        return status.getLeader().isEmpty() ? "unknown" : status.getLeader();
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(String.format("%-8s %s%n", name, value));
    }
}
