package dev.synod.cli.dev;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What ends when this process is asked to: the application first, which still has its agent to hand over
 * with, then the agent, which still has members to answer it, and then the members. Safe for threads.
 */
final class Ending {
    private static final Duration APPLICATION_MAX = Duration.ofSeconds(15);
    private static final Duration AGENT_MAX = Duration.ofSeconds(15);

    private final Console console;
    private volatile @Nullable Process application;
    private volatile @Nullable Supervised agent;
    private volatile @Nullable LocalCluster cluster;

    Ending(Console console) {
        this.console = console;
    }

    /** From now on whoever asks this process to end gets this done first. */
    Ending onShutdown() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::end, "end"));
        return this;
    }

    void application(Process running) {
        application = running;
    }

    void agent(Supervised running) {
        agent = running;
    }

    void cluster(LocalCluster running) {
        cluster = running;
    }

    private void end() {
        console.status("");
        LocalCluster members = cluster;
        if (members != null && !members.isClosed()) {
            console.say("ending: the members hand over and stop");
        }
        end(application);
        Supervised forwarding = agent;
        if (forwarding != null) {
            forwarding.stop();
            forwarding.awaitEnd(AGENT_MAX);
        }
        if (members != null) {
            try {
                members.close();
            } catch (IOException e) {
                console.warn("the data cannot be removed: " + e.getMessage());
            }
        }
    }

    private void end(@Nullable Process running) {
        if (running == null || !running.isAlive()) {
            return;
        }
        running.destroy();
        try {
            if (running.waitFor(APPLICATION_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
            console.warn("the application did not end within " + APPLICATION_MAX.toSeconds()
                    + " s, and is killed");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        running.destroyForcibly();
    }
}
