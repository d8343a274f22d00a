package dev.synod.cli.lock;

import dev.synod.cli.CommandException;
import dev.synod.cli.ExitStatus;
import dev.synod.cli.Spans;
import dev.synod.cli.child.GuardedChild;
import dev.synod.cli.sidecar.ClientOptions;
import dev.synod.cli.sidecar.SidecarOptions;
import dev.synod.client.Coordination;
import dev.synod.client.LockHandle;
import dev.synod.client.LockMode;
import dev.synod.client.LockTimeoutException;
import dev.synod.client.NamedLock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs a command under a lock, and holds the commands that look at locks. */
@Command(name = "lock",
        customSynopsis = {"synodctl lock [OPTION]... NAME -- COMMAND [ARGUMENT]...",
            "       synodctl lock ls|show|break [OPTION]..."},
        description = {"Run a command while holding a lock.",
            "",
            "The command finds the lock's name in SYNOD_LOCK_NAME and its fencing token in"
                    + " SYNOD_FENCING_TOKEN. When the lock can no longer be guaranteed, the command and all"
                    + " that it started are asked to end (TERM), and killed (KILL) before the guarantee is"
                    + " over. Hand the token to whatever the lock protects: it alone is safe when this"
                    + " machine stands still.",
            ""},
        subcommands = {LockLs.class, LockShow.class, LockBreak.class},
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "any:that of the command",
            "69:no sidecar answers, or the cluster has no quorum",
            "75:the lock is held by others, or the time to wait ran out",
            "76:the lock was lost while the command ran, and the command was stopped"},
        footer = {"", "Examples:",
            "  synodctl lock orders/42 -- ./migrate.sh",
            "  synodctl lock orders/42 --wait 30s --ttl 5s -- ./migrate.sh",
            "  synodctl lock reports --shared -- ./read.sh",
            "  synodctl lock downloads --permits 3 --wait -- ./fetch.sh",
            "  synodctl lock ls"})
public final class LockCommand implements Callable<Integer> {
    private static final String FOR_EVER = "forever";

    @Spec CommandSpec spec = CommandSpec.create();

    @Mixin private SidecarOptions options = new SidecarOptions();

    @Mixin private ClientOptions client = new ClientOptions();

    // spotless:off
    @Parameters(index = "0", arity = "0..1", paramLabel = "NAME",
            description = "The lock.")
    private String name = "";

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "COMMAND",
            description = "What to run, after --.")
    private List<String> command = new ArrayList<>();

    @Option(names = "--wait", paramLabel = "SPAN", arity = "0..1", fallbackValue = FOR_EVER,
            description = "Wait for the lock, so long or, without a span, for ever; otherwise it is tried"
                    + " once.")
    private @Nullable String wait;

    @Option(names = "--shared", description = "Hold it beside others that do so too.")
    private boolean shared;

    @Option(names = "--permits", paramLabel = "N", defaultValue = "0",
            description = "Hold one of N permits; the same N for all who use this lock.")
    private int permits;
    // spotless:on

    @Override
    public Integer call() throws InterruptedException {
        if (name.isEmpty() || command.isEmpty()) {
            throw new CommandException(ExitStatus.USAGE, (name.isEmpty()
                    ? "no lock is named"
                    : "there is no"
                            + " command to run: write it after --, as in synodctl lock " + name
                            + " -- ./job.sh")
                    + "; synodctl lock --help shows more");
        }
        if (shared && permits != 0 || permits < 0 || permits > 65_536) {
            throw new CommandException(ExitStatus.USAGE, shared && permits > 0
                    ? "--shared and --permits exclude each other: leave one out"
                    : "--permits is " + permits + "; allowed are 1 to 65536");
        }
        Duration patience = patience();
        try (Coordination coordination = client.connect(options)) {
            NamedLock lock = ClientOptions.checked(() -> coordination.lock(name));
            lock = shared ? lock.mode(LockMode.SHARED) : permits > 0 ? lock.permits(permits) : lock;
            try (LockHandle handle = acquired(lock, patience)) {
                return run(handle, coordination.session().ttl());
            }
        }
    }

    private Duration patience() {
        if (wait == null) {
            return Duration.ZERO;
        }
        if (wait.equals(FOR_EVER)) {
            return Duration.ofDays(100_000);
        }
        Duration span = Spans.parse(wait);
        if (span == null) {
            throw new CommandException(ExitStatus.USAGE,
                    "--wait is '" + wait + "'; allowed is " + Spans.ALLOWED
                            + ", or nothing behind it to wait for ever");
        }
        return span;
    }

    private LockHandle acquired(NamedLock lock, Duration patience) throws InterruptedException {
        if (patience.isZero()) {
            Optional<LockHandle> handle = lock.tryAcquire();
            return handle.orElseThrow(() -> new CommandException(ExitStatus.BUSY, name
                    + " is held by others; --wait waits for it, synodctl lock show " + name
                    + " tells who holds it"));
        }
        try {
            return lock.acquire(patience);
        } catch (LockTimeoutException e) {
            throw new CommandException(ExitStatus.BUSY, name + " was not had within " + Spans.rough(patience)
                    + "; synodctl lock show " + name + " tells who holds it", e);
        }
    }

    private int run(LockHandle handle, Duration ttl) throws InterruptedException {
        AtomicBoolean lost = new AtomicBoolean();
        handle.onLost(loss -> lost.set(true));
        GuardedChild child = new GuardedChild(command, Map.of(
                "SYNOD_LOCK_NAME", name,
                "SYNOD_FENCING_TOKEN", handle.fencingToken().toString()), ttl);
        OptionalInt status = child.run(new GuardedChild.Guarantee() {
            @Override
            public Duration guaranteedFor() {
                return handle.guaranteedFor();
            }

            @Override
            public boolean isOver() {
                return lost.get();
            }
        });
        if (status.isPresent()) {
            return status.getAsInt();
        }
        throw new CommandException(ExitStatus.LOST, "the lock " + name + " was lost while the command ran,"
                + " which was stopped: " + GuardedChild.whyEnded(handle::ensureHeld));
    }
}
