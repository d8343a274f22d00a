package dev.synod.cli.dev;

import dev.synod.admin.v1.InitialMember;
import dev.synod.admin.v1.MemberStatus;
import dev.synod.admin.v1.Phase;
import dev.synod.cli.CommandException;
import dev.synod.cli.ExitStatus;
import dev.synod.cli.admin.AdminPort;
import dev.synod.storage.ReadOnlyFileDisk;
import dev.synod.storage.VolumeInspection;
import dev.synod.storage.VolumeReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Brings a cluster into being, once. The order is what keeps two clusters from coming out of one:
 *
 * <ol>
 *   <li>Before any process starts ({@link #check}): the latch is set, and nothing is to be done; or no
 *       voter's volume can ever have voted, else the latch was lost, and nobody can tell what else was.
 *   <li>Every voter's empty volume is formatted with the same first configuration. None may vote yet.
 *   <li>The latch is set, in a file of its own, durable.
 *   <li>Every voter is activated, and votes from then on. After a crash this is done again.
 * </ol>
 *
 * After the latch an empty volume waits for ever: it has lost what it promised, and is no first member.
 */
final class Bootstrap {
    private final StateFolder state;
    private final Plan plan;

    Bootstrap(StateFolder state, Plan plan) {
        this.state = state;
        this.plan = plan;
    }

    /** Whether the cluster has still to begin; refuses when that cannot be known. */
    boolean check() throws IOException {
        if (state.isInitialised(plan.cluster())) {
            return false;
        }
        for (MemberPlan member : plan.members()) {
            checkUnused(member, state.volume(member));
        }
        return true;
    }

    private void checkUnused(MemberPlan member, Path volume) {
        if (!Files.exists(volume)) {
            return;
        }
        ReadOnlyFileDisk disk = ReadOnlyFileDisk.at(volume);
        VolumeReport report = VolumeInspection.inspect(disk, disk.holder());
        if (report.verdict() == VolumeReport.Verdict.EMPTY) {
            return;
        }
        VolumeReport.Log log = report.log();
        boolean formattedForThis =
                plan.cluster().equals(report.cluster()) && member.id().equals(report.member());
        if (formattedForThis && log != null && !log.activated()) {
            return; // cut off between formatting and latch: nobody can have voted
        }
        throw new CommandException(ExitStatus.DATA, "the volume " + volume + " was in use ("
                + (log == null ? report.verdict() : "it holds entries up to " + log.last())
                + "), but the latch " + state.latch() + " is missing: the cluster is not begun a second time."
                + " If the latch was lost alone, write " + plan.cluster()
                + " into it; else name another folder, and see synodctl volume recover");
    }

    /** Formats, latches, activates. Every member's process must answer by now. */
    void run(Map<MemberPlan, AdminPort> ports) throws IOException {
        List<InitialMember> voters = plan.voters().stream()
                .map(voter -> InitialMember.newBuilder()
                        .setMemberId(voter.id().toString()).setAddress(voter.address()).build())
                .toList();
        for (MemberPlan voter : plan.voters()) {
            port(ports, voter).format(plan.cluster(), voter.id(), voters);
        }
        state.initialise(plan.cluster());
        activate(ports);
    }

    /**
     * Goes on with a cluster that has begun. Every member's process must answer by now.
     *
     * @return voters whose volumes are empty: they lost what they promised, and stay out
     * @throws CommandException when a volume is another's, or too few voters are left
     */
    List<MemberPlan> resume(Map<MemberPlan, AdminPort> ports) {
        List<MemberPlan> empty = new ArrayList<>();
        for (MemberPlan member : plan.members()) {
            MemberStatus status = port(ports, member).status();
            checkOwned(member, status);
            if (status.getPhase() == Phase.PHASE_EMPTY && member.voter()) {
                empty.add(member);
            }
        }
        int voters = plan.voters().size();
        if (voters - empty.size() <= voters / 2) {
            throw new CommandException(ExitStatus.DATA, "the cluster in " + state.path() + " has begun, but "
                    + empty.size() + " of the volumes of its " + voters + " voters are empty: what they"
                    + " promised is lost, and the others have no quorum. Put the volumes back, name another"
                    + " folder for a new cluster, or begin one from a volume that is left with synodctl"
                    + " volume recover");
        }
        if (empty.isEmpty()) {
            activate(ports); // a crash may have come between latch and activation
        }
        return empty;
    }

    private void checkOwned(MemberPlan member, MemberStatus status) {
        boolean known = !status.getClusterId().isEmpty() && !status.getMemberId().isEmpty();
        if (known && !(status.getClusterId().equals(plan.cluster().toString())
                && status.getMemberId().equals(member.id().toString()))) {
            throw new CommandException(ExitStatus.DATA, "the volume " + state.volume(member)
                    + " belongs to member " + status.getMemberId() + " of cluster " + status.getClusterId()
                    + ", not to " + member.name() + ", " + member.id() + " of cluster " + plan.cluster()
                    + ": put the right one back, or name another folder");
        }
    }

    private void activate(Map<MemberPlan, AdminPort> ports) {
        for (MemberPlan voter : plan.voters()) {
            port(ports, voter).activate(plan.cluster());
        }
    }

    private static AdminPort port(Map<MemberPlan, AdminPort> ports, MemberPlan member) {
        AdminPort port = ports.get(member);
        if (port == null) {
            throw new IllegalStateException("no admin port of " + member.name());
        }
        return port;
    }
}
