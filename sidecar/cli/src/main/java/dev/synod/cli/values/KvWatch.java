package dev.synod.cli.values;

import dev.synod.cli.ExitStatus;
import dev.synod.cli.output.OutputOption;
import dev.synod.cli.output.Tree;
import dev.synod.cli.sidecar.Sidecar;
import dev.synod.cli.sidecar.SidecarOptions;
import dev.synod.coordination.v1.KeyValue;
import dev.synod.coordination.v1.ValueEvent;
import dev.synod.coordination.v1.WatchValuesRequest;
import dev.synod.coordination.v1.WatchValuesResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.Iterator;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Watches values. */
@Command(name = "watch",
        description = "Tell every change of a key, or with --prefix of every key that begins with KEY, until"
                + " interrupted. A broken connection is taken up again where it was. With -o json every"
                + " change"
                + " is one line.",
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:as many changes as --count asks for were told",
            "1:the history from --from on is gone",
            "69:nobody answers any more"},
        footer = {"", "Examples:",
            "  synodctl kv watch config/ --prefix",
            "  synodctl kv watch config/level --from 1200 --count 1 -o json"})
final class KvWatch implements Callable<Integer> {
    private static final int BREAKS_MAX = 20;
    private static final long PAUSE_MILLIS = 250;

    @Mixin private SidecarOptions options = new SidecarOptions();

    @Mixin private OutputOption output = new OutputOption();

    // spotless:off
    @Parameters(paramLabel = "KEY", description = "The key, or what keys begin with.")
    private String key = "";

    @Option(names = "--prefix", description = "Every key that begins with KEY.")
    private boolean prefix;

    @Option(names = "--from", paramLabel = "REVISION", defaultValue = "0",
            description = "The first revision to be told; 0 for what changes from now on.")
    private long from;

    @Option(names = "--count", paramLabel = "N", defaultValue = "0",
            description = "End after so many changes; 0 for never.")
    private int count;
    // spotless:on

    private int told;
    private int breaks;

    @Override
    public Integer call() throws InterruptedException {
        try (Sidecar sidecar = options.open()) {
            while (!isEnough()) {
                try {
                    follow(sidecar);
                } catch (StatusRuntimeException e) {
                    if (e.getStatus().getCode() != Status.Code.UNAVAILABLE || ++breaks > BREAKS_MAX) {
                        throw e;
                    }
                    Thread.sleep(PAUSE_MILLIS);
                }
            }
        }
        return ExitStatus.OK.status();
    }

    private boolean isEnough() {
        return count > 0 && told >= count;
    }

    private void follow(Sidecar sidecar) {
        Iterator<WatchValuesResponse> stream = sidecar.valueStreams()
                .watchValues(WatchValuesRequest.newBuilder()
                        .setNamespace(options.namespace()).setRange(Values.range(key, prefix))
                        .setStartRevision(from)
                        .build());
        while (stream.hasNext() && !isEnough()) {
            WatchValuesResponse response = stream.next();
            for (ValueEvent event : response.getChanges().getEventsList()) {
                tell(event);
            }
            from = Math.max(from, response.getRevision() + 1);
            breaks = 0;
        }
    }

    private void tell(ValueEvent event) {
        if (isEnough()) {
            return;
        }
        switch (event.getEventCase()) {
            case PUT -> {
                KeyValue value = event.getPut();
                told++;
                output.printOne(
                        new Tree().with("event", "put").with("put", Values.tree(value, false).fields()),
                        () -> value.getModRevision() + "  put     " + value.getKey() + " = "
                                + Values.text(value.getValue()) + "\n");
            }
            case DELETION -> {
                told++;
                output.printOne(
                        new Tree().with("event", "delete").with("key", event.getDeletion().getKey())
                                .with("revision", event.getDeletion().getRevision()),
                        () -> event.getDeletion().getRevision() + "  delete  " + event.getDeletion().getKey()
                                + "\n");
            }
            case EVENT_NOT_SET -> {
                // of a newer sidecar
            }
        }
    }
}
