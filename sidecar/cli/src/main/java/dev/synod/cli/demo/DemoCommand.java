package dev.synod.cli.demo;

import dev.synod.cli.CommandException;
import dev.synod.cli.ExitStatus;
import dev.synod.cli.Spans;
import dev.synod.cli.sidecar.ClientOptions;
import dev.synod.cli.sidecar.SidecarOptions;
import dev.synod.client.Coordination;
import dev.synod.client.CoordinationException;
import dev.synod.client.LockTimeoutException;
import dev.synod.client.SessionExpiredException;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Counts, turn by turn, for as long as it is left alone. */
@Command(name = "demo",
        description = {"Count up one number together with others: an application to try a cluster with.",
            "",
            "Each turn takes the lock NAME, reads the value NAME, and writes what follows with the fencing"
                    + " token of its grant. It writes with the token of its turn before as well, as one"
                    + " would that was stopped for a minute and does not know it: that has to be refused.",
            ""},
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:as many turns as --rounds asks for were had", "65:the value is no number",
            "70:a token of before was taken: a defect of Synod"},
        footer = {"", "Examples:",
            "  synodctl demo",
            "  synodctl demo stock --every 200ms --rounds 100"})
public final class DemoCommand implements Callable<Integer> {
    /** How long a turn is waited for; then the log says so. */
    private static final Duration WAIT = Duration.ofSeconds(5);

    @Spec CommandSpec spec = CommandSpec.create();

    @Mixin private SidecarOptions options = new SidecarOptions();

    @Mixin private ClientOptions client = new ClientOptions();

    // spotless:off
    @Parameters(arity = "0..1", paramLabel = "NAME", defaultValue = "demo",
            description = "Of the lock, and the key of the number; default ${DEFAULT-VALUE}.")
    private String name = "demo";

    @Option(names = "--every", paramLabel = "SPAN", defaultValue = "1s", converter = Spans.class,
            description = "How long it rests between turns; default ${DEFAULT-VALUE}.")
    private Duration every = Duration.ofSeconds(1);

    @Option(names = "--rounds", paramLabel = "N",
            description = "End after so many turns; 0, the default, for never.")
    private long rounds;
    // spotless:on

    @Override
    public Integer call() throws InterruptedException {
        if (rounds < 0) {
            throw new CommandException(ExitStatus.USAGE, "--rounds is " + rounds + "; allowed is 0 for"
                    + " never, or more");
        }
        try (Coordination coordination = connected()) {
            Counter counter = new Counter(coordination, name);
            boolean expired = false;
            for (long had = 0; rounds == 0 || had < rounds;) {
                try {
                    if (expired) {
                        coordination.renew();
                        expired = false;
                    }
                    say(counter.turn(WAIT));
                    had++;
                } catch (SessionExpiredException e) {
                    expired = true;
                    say("the session has ended, and another is opened: " + e.getMessage());
                } catch (LockTimeoutException e) {
                    say("no turn within " + Spans.rough(WAIT));
                } catch (CoordinationException e) {
                    say("not this time: " + e.getMessage());
                }
                Thread.sleep(every.toMillis());
            }
        }
        return ExitStatus.OK.status();
    }

    /** It waits for its cluster to begin as it would for a fail-over. */
    private Coordination connected() {
        while (true) {
            try {
                return client.connect(options);
            } catch (CommandException e) {
                if (e.status() != ExitStatus.UNAVAILABLE) {
                    throw e;
                }
                say(String.valueOf(e.getMessage()));
            }
        }
    }

    private void say(String line) {
        spec.commandLine().getOut().println(line);
    }
}
