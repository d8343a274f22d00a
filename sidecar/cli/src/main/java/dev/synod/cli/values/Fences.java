package dev.synod.cli.values;

import dev.synod.cli.CommandException;
import dev.synod.cli.ExitStatus;
import dev.synod.coordination.v1.ClaimKind;
import dev.synod.coordination.v1.Fence;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** {@code --fence}: nothing is written unless a token is valid. */
final class Fences {
    // spotless:off
    @Option(names = "--fence", paramLabel = "KIND:NAME:TOKEN",
            description = "Only if this fencing token is valid, such as lock:orders/42:1207 or"
                    + " election:scheduler:88; may be given again.")
    private List<String> texts = new ArrayList<>();
    // spotless:on

    List<Fence> parsed() {
        List<Fence> fences = new ArrayList<>();
        for (String text : texts) {
            String[] parts = text.split(":", -1);
            ClaimKind kind = switch (parts[0]) {
                case "lock" -> ClaimKind.CLAIM_KIND_LOCK;
                case "election" -> ClaimKind.CLAIM_KIND_ELECTION;
                default -> ClaimKind.CLAIM_KIND_UNSPECIFIED;
            };
            try {
                if (parts.length != 3 || kind == ClaimKind.CLAIM_KIND_UNSPECIFIED) {
                    throw new NumberFormatException();
                }
                fences.add(Fence.newBuilder().setKind(kind).setName(parts[1])
                        .setFencingToken(Long.parseLong(parts[2])).build());
            } catch (NumberFormatException e) {
                throw new CommandException(ExitStatus.USAGE, "--fence is " + text
                        + "; allowed are lock:NAME:TOKEN and election:NAME:TOKEN", e);
            }
        }
        return fences;
    }
}
