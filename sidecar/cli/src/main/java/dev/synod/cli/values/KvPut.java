package dev.synod.cli.values;

import com.google.protobuf.ByteString;
import dev.synod.cli.ExitStatus;
import dev.synod.cli.output.OutputOption;
import dev.synod.cli.output.Tree;
import dev.synod.cli.sidecar.Sidecar;
import dev.synod.cli.sidecar.SidecarOptions;
import dev.synod.coordination.v1.PutValueRequest;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Sets a value. */
@Command(name = "put",
        description = "Set a value. It is sent once: when the answer is lost, the message says that it"
                + " may have"
                + " taken effect.",
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:it is set", "1:--if-revision or --fence does not hold; nothing was changed"},
        footer = {"", "Examples:",
            "  synodctl kv put config/level debug",
            "  synodctl kv put config/file - < settings.json",
            "  synodctl kv put config/level info --if-revision 1207",
            "  synodctl kv put report/today done --fence lock:reports:$SYNOD_FENCING_TOKEN"})
final class KvPut implements Callable<Integer> {
    @Mixin private SidecarOptions options = new SidecarOptions();

    @Mixin private OutputOption output = new OutputOption();

    @Mixin private Fences fences = new Fences();

    // spotless:off
    @Parameters(index = "0", paramLabel = "KEY", description = "The key.")
    private String key = "";

    @Parameters(index = "1", paramLabel = "VALUE",
            description = "Its new value; - for standard input, as it is.")
    private String value = "";

    @Option(names = "--if-revision", paramLabel = "REVISION",
            description = "Only if the key was last set at this revision; 0: only if it is not there.")
    private @Nullable Long ifRevision;
    // spotless:on

    @Override
    public Integer call() throws IOException {
        ByteString bytes =
                value.equals("-") ? ByteString.readFrom(System.in) : ByteString.copyFromUtf8(value);
        PutValueRequest.Builder request = PutValueRequest.newBuilder()
                .setNamespace(options.namespace()).setKey(key).setValue(bytes).addAllFences(fences.parsed());
        if (ifRevision != null) {
            request.setIfModRevision(ifRevision);
        }
        try (Sidecar sidecar = options.open()) {
            long revision = sidecar.values().putValue(request.build()).getRevision();
            output.print(new Tree().with("key", key).with("revision", revision),
                    () -> "revision " + revision + "\n");
            return ExitStatus.OK.status();
        }
    }
}
