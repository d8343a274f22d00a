package dev.synod.cli.values;

import com.google.protobuf.Empty;
import dev.synod.cli.CommandException;
import dev.synod.cli.ExitStatus;
import dev.synod.cli.output.Output;
import dev.synod.cli.output.OutputOption;
import dev.synod.cli.output.Table;
import dev.synod.cli.output.Tree;
import dev.synod.cli.sidecar.Sidecar;
import dev.synod.cli.sidecar.SidecarOptions;
import dev.synod.coordination.v1.KeyValue;
import dev.synod.coordination.v1.ListValuesRequest;
import dev.synod.coordination.v1.ListValuesResponse;
import dev.synod.coordination.v1.ReadOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Reads values. */
@Command(name = "get",
        description = "Print a value, or with --prefix every key that begins with KEY. Without -o a single"
                + " value is printed as it is, byte for byte; only on a terminal a line break follows.",
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:it is there", "1:it is not, or nothing begins so"},
        footer = {"", "Examples:",
            "  synodctl kv get config/level",
            "  synodctl kv get config/ --prefix -o json",
            "  synodctl kv get config/level --at-revision 1200"})
final class KvGet implements Callable<Integer> {
    @Spec CommandSpec spec = CommandSpec.create();

    @Mixin private SidecarOptions options = new SidecarOptions();

    @Mixin private OutputOption output = new OutputOption();

    // spotless:off
    @Parameters(paramLabel = "KEY",
            description = "The key, or what keys begin with; '' with --prefix for all.")
    private String key = "";

    @Option(names = "--prefix", description = "Every key that begins with KEY.")
    private boolean prefix;

    @Option(names = "--keys-only", description = "Without the values.")
    private boolean keysOnly;

    @Option(names = "--at-revision", paramLabel = "REVISION", defaultValue = "0",
            description = "As it was at this revision; 0 for now.")
    private long atRevision;

    @Option(names = "--stale",
            description = "Whatever the sidecar has, without asking a quorum.")
    private boolean stale;
    // spotless:on

    @Override
    public Integer call() throws IOException {
        List<KeyValue> values = new ArrayList<>();
        long revision = 0;
        ReadOptions read = stale
                ? ReadOptions.newBuilder().setStale(Empty.getDefaultInstance()).build()
                : ReadOptions.getDefaultInstance();
        try (Sidecar sidecar = options.open()) {
            String page = "";
            do {
                ListValuesResponse response = sidecar.values().listValues(ListValuesRequest.newBuilder()
                        .setNamespace(options.namespace()).setRange(Values.range(key, prefix))
                        .setKeysOnly(keysOnly).setAtRevision(atRevision).setRead(read).setPageToken(page)
                        .build());
                values.addAll(response.getValuesList());
                revision = response.getRevision();
                page = response.getNextPageToken();
            } while (!page.isEmpty());
        }
        List<Object> trees = new ArrayList<>();
        values.forEach(value -> trees.add(Values.tree(value, keysOnly).fields()));
        if (!prefix && values.isEmpty() && !output.isAskedFor()) {
            throw new CommandException(ExitStatus.NO, "there is no key " + key + (atRevision == 0
                    ? ""
                    : " at revision " + atRevision) + "; kv get " + key + " --prefix shows what begins so");
        }
        if (!prefix && !keysOnly && !output.isAskedFor()) {
            Output.raw(spec.commandLine(), values.getFirst().getValue().toByteArray());
            return ExitStatus.OK.status();
        }
        output.print(new Tree().with("values", trees).with("revision", revision), () -> text(values));
        return (values.isEmpty() ? ExitStatus.NO : ExitStatus.OK).status();
    }

    private String text(List<KeyValue> values) {
        if (keysOnly) {
            StringBuilder keys = new StringBuilder();
            values.forEach(value -> keys.append(value.getKey()).append('\n'));
            return keys.toString();
        }
        Table table = new Table("key", "value", "version", "revision");
        for (KeyValue value : values) {
            table.row(value.getKey(), Values.text(value.getValue()), value.getVersion(),
                    value.getModRevision());
        }
        return table.toString();
    }
}
