package dev.synod.cli.values;

import dev.synod.cli.ExitStatus;
import dev.synod.cli.output.OutputOption;
import dev.synod.cli.output.Tree;
import dev.synod.cli.sidecar.Sidecar;
import dev.synod.cli.sidecar.SidecarOptions;
import dev.synod.coordination.v1.CommitRequest;
import dev.synod.coordination.v1.CommitResponse;
import dev.synod.coordination.v1.KeyValue;
import dev.synod.coordination.v1.OperationResult;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Transactions. */
@Command(name = "txn",
        description = {"Carry out several operations at one revision, or none of them.",
            "",
            "When all of --if hold, --put, --del and --get are carried out, in the order put, del, get;"
                    + " otherwise --else-put, --else-del and --else-get.",
            "A condition is 'KEY exists', 'KEY missing', or 'KEY FIELD RELATION GIVEN' with FIELD one of"
                    + " value, version, mod, create and RELATION one of = != < >.",
            ""},
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:all conditions held", "1:one did not; the else operations were carried out"},
        footer = {"", "Examples:",
            "  synodctl kv txn --if 'stock version > 3' --put stock=7 --put changed=yes",
            "  synodctl kv txn --if 'leader missing' --put leader=me --else-get leader",
            "  synodctl kv txn --put a=1 --del b --fence lock:orders:1207"})
final class KvTxn implements Callable<Integer> {
    @Mixin private SidecarOptions options = new SidecarOptions();

    @Mixin private OutputOption output = new OutputOption();

    @Mixin private Fences fences = new Fences();

    // spotless:off
    @Option(names = "--if", paramLabel = "CONDITION",
            description = "A condition; may be given again.")
    private List<String> conditions = new ArrayList<>();

    @Option(names = "--put", paramLabel = "KEY=VALUE",
            description = "Sets a value.")
    private List<String> puts = new ArrayList<>();

    @Option(names = "--del", paramLabel = "KEY",
            description = "Deletes a key.")
    private List<String> deletes = new ArrayList<>();

    @Option(names = "--get", paramLabel = "KEY", description = "Reads a key.")
    private List<String> gets = new ArrayList<>();

    @Option(names = "--else-put", paramLabel = "KEY=VALUE",
            description = "Sets a value otherwise.")
    private List<String> otherPuts = new ArrayList<>();

    @Option(names = "--else-del", paramLabel = "KEY",
            description = "Deletes a key otherwise.")
    private List<String> otherDeletes = new ArrayList<>();

    @Option(names = "--else-get", paramLabel = "KEY",
            description = "Reads a key otherwise.")
    private List<String> otherGets = new ArrayList<>();
    // spotless:on

    @Override
    public Integer call() {
        CommitRequest.Builder request = CommitRequest.newBuilder()
                .setNamespace(options.namespace()).addAllFences(fences.parsed());
        conditions.forEach(text -> request.addCompares(TxnText.compare(text)));
        request.addAllSuccess(TxnText.operations(puts, deletes, gets));
        request.addAllFailure(TxnText.operations(otherPuts, otherDeletes, otherGets));
        CommitResponse response;
        try (Sidecar sidecar = options.open()) {
            response = sidecar.values().commit(request.build());
        }
        List<Object> results = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        text.append(response.getSucceeded() ? "done" : "a condition does not hold").append(", revision ")
                .append(response.getRevision()).append('\n');
        for (OperationResult result : response.getResultsList()) {
            results.add(tree(result, text).fields());
        }
        output.print(new Tree().with("succeeded", response.getSucceeded()).with("results", results)
                .with("revision", response.getRevision()), text::toString);
        return (response.getSucceeded() ? ExitStatus.OK : ExitStatus.NO).status();
    }

    private static Tree tree(OperationResult result, StringBuilder text) {
        return switch (result.getResultCase()) {
            case STORED -> new Tree().with("result", "put");
            case DELETED -> {
                text.append("deleted ").append(result.getDeleted().getCount()).append('\n');
                yield new Tree().with("result", "delete").with("deleted", result.getDeleted().getCount());
            }
            case FOUND -> {
                List<Object> values = new ArrayList<>();
                for (KeyValue value : result.getFound().getValuesList()) {
                    values.add(Values.tree(value, false).fields());
                    text.append(value.getKey()).append(" = ").append(Values.text(value.getValue()))
                            .append('\n');
                }
                yield new Tree().with("result", "get").with("values", values);
            }
            case RESULT_NOT_SET -> new Tree().with("result", "unknown");
        };
    }
}
