package dev.synod.cli.values;

import dev.synod.cli.CommandException;
import dev.synod.cli.ExitStatus;
import dev.synod.cli.output.OutputOption;
import dev.synod.cli.output.Tree;
import dev.synod.cli.sidecar.Sidecar;
import dev.synod.cli.sidecar.SidecarOptions;
import dev.synod.coordination.v1.DeleteRangeRequest;
import dev.synod.coordination.v1.DeleteRangeResponse;
import dev.synod.coordination.v1.DeleteValueRequest;
import dev.synod.coordination.v1.DeleteValueResponse;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Deletes values. */
@Command(name = "del",
        description = "Delete a key, or with --prefix every key that begins with KEY, at one revision.",
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:something was deleted", "1:nothing was there, or a condition does not hold"},
        footer = {"", "Examples:",
            "  synodctl kv del config/level",
            "  synodctl kv del config/ --prefix"})
final class KvDel implements Callable<Integer> {
    @Mixin private SidecarOptions options = new SidecarOptions();

    @Mixin private OutputOption output = new OutputOption();

    @Mixin private Fences fences = new Fences();

    // spotless:off
    @Parameters(paramLabel = "KEY", description = "The key, or what keys begin with.")
    private String key = "";

    @Option(names = "--prefix",
            description = "Every key that begins with KEY; KEY must not be empty.")
    private boolean prefix;

    @Option(names = "--if-revision", paramLabel = "REVISION",
            description = "Only if the key was last set at this revision.")
    private @Nullable Long ifRevision;
    // spotless:on

    @Override
    public Integer call() {
        try (Sidecar sidecar = options.open()) {
            return prefix ? deleteRange(sidecar) : deleteOne(sidecar);
        }
    }

    private int deleteOne(Sidecar sidecar) {
        DeleteValueRequest.Builder request = DeleteValueRequest.newBuilder()
                .setNamespace(options.namespace()).setKey(key).addAllFences(fences.parsed());
        if (ifRevision != null) {
            request.setIfModRevision(ifRevision);
        }
        DeleteValueResponse response = sidecar.values().deleteValue(request.build());
        return tell(response.getDeleted() ? 1 : 0, response.getRevision());
    }

    private int deleteRange(Sidecar sidecar) {
        if (ifRevision != null || key.isEmpty()) {
            throw new CommandException(ExitStatus.USAGE, ifRevision != null
                    ? "--if-revision is for one key: leave out --prefix"
                    : "the prefix is empty, which would delete a whole namespace: name what keys begin with");
        }
        DeleteRangeResponse response = sidecar.values().deleteRange(DeleteRangeRequest.newBuilder()
                .setNamespace(options.namespace()).setRange(Values.range(key, true))
                .addAllFences(fences.parsed()).build());
        return tell(response.getDeleted(), response.getRevision());
    }

    private int tell(int count, long revision) {
        output.print(new Tree().with("deleted", count).with("revision", revision),
                () -> "deleted " + count + (count == 1 ? " key" : " keys") + ", revision " + revision + "\n");
        return (count > 0 ? ExitStatus.OK : ExitStatus.NO).status();
    }
}
