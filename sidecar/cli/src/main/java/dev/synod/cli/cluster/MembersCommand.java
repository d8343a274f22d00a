package dev.synod.cli.cluster;

import dev.synod.admin.v1.ConfiguredMember;
import dev.synod.admin.v1.MemberStatus;
import dev.synod.cli.ExitStatus;
import dev.synod.cli.admin.AdminPort;
import dev.synod.cli.output.OutputOption;
import dev.synod.cli.output.Table;
import dev.synod.cli.output.Tree;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lists the members. */
@Command(name = "members",
        description = "List the members of the cluster as one of them knows it, and how each stands. A"
                + " member's"
                + " admin port is looked for next to its peer port, one number higher; what does not answer"
                + " there is shown with a dash.",
        footer = {"", "Examples:",
            "  synodctl members",
            "  synodctl members --admin db-0.db:7402 -o json"})
public final class MembersCommand implements Callable<Integer> {
    @Mixin private AdminOptions options = new AdminOptions();

    @Mixin private OutputOption output = new OutputOption();

    @Override
    public Integer call() throws IOException {
        MemberStatus asked;
        try (AdminPort port = options.open()) {
            asked = port.status();
        }
        Table table =
                new Table("number", "member", "address", "kind", "role", "ready", "revision", "decided");
        List<Object> trees = new ArrayList<>();
        for (ConfiguredMember member : asked.getConfiguration().getMembersList()) {
            MemberStatus status = member.getMemberId().equals(asked.getMemberId()) ? asked : status(member);
            boolean leads = member.getMemberId().equals(asked.getLeader());
            String kind = member.getVoter() ? "voter" : "observer";
            table.row(member.getNumber(), member.getMemberId(), member.getAddress(), kind,
                    leads ? "leader" : status == null ? "" : StatusViews.role(status),
                    status == null ? "" : status.getReady() ? "yes" : "no",
                    status == null ? "" : status.getRevision(),
                    status == null ? "" : status.getDecidedIndex());
            trees.add(new Tree()
                    .with("number", member.getNumber())
                    .with("memberId", member.getMemberId())
                    .with("address", member.getAddress())
                    .with("voter", member.getVoter())
                    .with("leader", leads)
                    .with("status", status == null ? null : StatusViews.tree(status).fields())
                    .fields());
        }
        output.print(new Tree()
                .with("clusterId", asked.getClusterId())
                .with("epoch", asked.getConfiguration().getEpoch())
                .with("leader", asked.getLeader())
                .with("members", trees), table::toString);
        return ExitStatus.OK.status();
    }

    private @Nullable MemberStatus status(ConfiguredMember member) throws IOException {
        int colon = member.getAddress().lastIndexOf(':');
        int port;
        try {
            port = Integer.parseInt(member.getAddress().substring(colon + 1)) + 1;
        } catch (NumberFormatException e) {
            return null;
        }
        try (AdminPort admin = options.open(member.getAddress().substring(0, colon + 1) + port)) {
            MemberStatus status = admin.statusIfAny();
            return status != null && status.getMemberId().equals(member.getMemberId()) ? status : null;
        }
    }
}
