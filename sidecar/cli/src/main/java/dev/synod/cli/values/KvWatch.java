package dev.synod.cli.values;

import com.google.protobuf.ByteString;
import dev.synod.cli.CommandException;
import dev.synod.cli.ExitStatus;
import dev.synod.cli.output.OutputOption;
import dev.synod.cli.output.Tree;
import dev.synod.cli.sidecar.Sidecar;
import dev.synod.cli.sidecar.SidecarOptions;
import dev.synod.client.Coordination;
import dev.synod.client.KeyRange;
import dev.synod.client.KeyValue;
import dev.synod.client.ValueChange;
import dev.synod.client.ValueListener;
import dev.synod.client.Watch;
import dev.synod.coordination.v1.ListValuesRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Watches values. */
@Command(name = "watch",
        description = "Tell every change of a key, or with --prefix of every key that begins with KEY, until"
                + " interrupted. A stream that breaks or falls silent is taken up again where it was. With"
                + " -o json every change is one line.",
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:as many changes as --count asks for were told",
            "1:the history from --from on is gone",
            "69:nobody answers at the start, or for 15 s; the message says from where to go on"},
        footer = {"", "Examples:",
            "  synodctl kv watch config/ --prefix",
            "  synodctl kv watch config/level --from 1200 --count 1 -o json"})
final class KvWatch implements Callable<Integer> {
    private static final Duration SILENCE_MAX = Duration.ofSeconds(15);
    private static final long LOOK_MILLIS = 250;

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

    private final CompletableFuture<Void> enough = new CompletableFuture<>();
    private volatile long heardAt = System.nanoTime();
    private volatile long heardUpTo;
    private int told;

    @Override
    public Integer call() throws InterruptedException {
        try (Sidecar sidecar = options.open()) { // the client waits for one that is not there
            sidecar.values().listValues(ListValuesRequest.newBuilder().setNamespace(options.namespace())
                    .setRange(Values.range(key, prefix)).setKeysOnly(true).setPageSize(1).build());
        }
        KeyRange range = prefix ? KeyRange.prefix(key) : KeyRange.key(key);
        try (Coordination coordination = Coordination.builder().endpoint(options.endpoint())
                .namespace(options.namespace()).withoutSession().connect();
                Watch watch = coordination.values().watch(range, from, new Listener())) {
            heardAt = System.nanoTime();
            CompletableFuture<Object> over = CompletableFuture.anyOf(enough, watch.ended());
            while (!isOver(over)) {
                refuseSilence();
            }
        }
        return ExitStatus.OK.status();
    }

    private static boolean isOver(CompletableFuture<Object> over) throws InterruptedException {
        try {
            over.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException refused) {
                throw refused;
            }
            throw new IllegalStateException("a watch ended in a way that is not known", e.getCause());
        }
    }

    private void refuseSilence() {
        if (System.nanoTime() - heardAt > SILENCE_MAX.toNanos()) {
            throw new CommandException(ExitStatus.UNAVAILABLE, "the sidecar at " + options.endpoint()
                    + " has told nothing for " + SILENCE_MAX.toSeconds() + " s" + (heardUpTo == 0
                            ? ""
                            : "; nothing up to revision " + heardUpTo + " is missing, --from "
                                    + (heardUpTo + 1) + " goes on there"));
        }
    }

    private boolean isEnough() {
        return count > 0 && told >= count;
    }

    private final class Listener implements ValueListener {
        @Override
        public void onChanges(List<ValueChange> changes, long revision) {
            changes.forEach(KvWatch.this::tell);
            onProgress(revision);
        }

        @Override
        public void onProgress(long revision) {
            heardAt = System.nanoTime();
            heardUpTo = revision;
        }

        @Override
        public void onCompacted(long lowestRevision) {
            // the end of the watch tells
        }
    }

    private void tell(ValueChange change) {
        if (isEnough()) {
            return;
        }
        told++;
        change.now().ifPresentOrElse(this::tellPut, () -> output.printOne(
                new Tree().with("event", "delete").with("key", change.key())
                        .with("revision", change.revision()),
                () -> change.revision() + "  delete  " + change.key() + "\n"));
        if (isEnough()) {
            enough.complete(null);
        }
    }

    private void tellPut(KeyValue now) {
        ByteString value = ByteString.copyFrom(now.value().toByteArray());
        Tree tree = Values.tree(dev.synod.coordination.v1.KeyValue.newBuilder().setKey(now.key())
                .setValue(value).setCreateRevision(now.createRevision()).setModRevision(now.modRevision())
                .setVersion(now.version()).setBoundSessionId(now.boundSessionId()).build(), false);
        output.printOne(new Tree().with("event", "put").with("put", tree.fields()),
                () -> now.modRevision() + "  put     " + now.key() + " = " + Values.text(value) + "\n");
    }
}
