package dev.synod.cli.election;

import com.google.protobuf.ByteString;
import dev.synod.cli.output.Table;
import dev.synod.cli.output.Tree;
import dev.synod.cli.sidecar.Claims;
import dev.synod.cli.values.Values;
import dev.synod.coordination.v1.Candidate;
import dev.synod.coordination.v1.Election;
import dev.synod.coordination.v1.Leader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How an election is shown. */
final class ElectionViews {
    private ElectionViews() {}

    static Tree tree(Election election) {
        List<Object> candidates = new ArrayList<>();
        for (Candidate candidate : election.getCandidatesList()) {
            candidates.add(new Tree()
                    .with("position", candidate.getPosition())
                    .with("claimant", Claims.tree(candidate.getClaimant()))
                    .fields());
        }
        return new Tree()
                .with("name", election.getName())
                .with("leader", election.hasLeader() ? tree(election.getLeader()) : null)
                .with("candidates", candidates);
    }

    static Map<String, @Nullable Object> tree(Leader leader) {
        return Values.with(new Tree()
                .with("claimant", Claims.tree(leader.getClaimant()))
                .with("fencingToken", leader.getFencingToken()), leader.getValue())
                .fields();
    }

    static String text(Election election) {
        if (!election.hasLeader() && election.getCandidatesCount() == 0) {
            return "nobody stands in " + election.getName() + "\n";
        }
        Table table = new Table("place", "candidate", "who", "token", "proclaims");
        if (election.hasLeader()) {
            Leader leader = election.getLeader();
            table.row("leads", leader.getClaimant().getOwnerId(), Claims.text(leader.getClaimant()),
                    leader.getFencingToken(), shortened(leader.getValue()));
        }
        int position = 1;
        for (Candidate candidate : election.getCandidatesList()) {
            table.row("waits " + position++, candidate.getClaimant().getOwnerId(),
                    Claims.text(candidate.getClaimant()), "", "");
        }
        return table.toString();
    }

    private static String shortened(ByteString value) {
        String text = Values.text(value);
        return text.length() > 60 ? text.substring(0, 57) + "..." : text;
    }
}
