package dev.synod.cli.dev;

import dev.synod.admin.v1.MemberStatus;
import dev.synod.admin.v1.Role;
import dev.synod.cli.dev.LocalCluster.LocalMember;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a cluster again and again, and tells how it stands: as a line that changes on a terminal, else a
 * line whenever the leader or the number of members that answer is another.
 */
final class StatusWatch implements AutoCloseable {
    private static final long PAUSE_MILLIS = 300;

    private final LocalCluster cluster;
    private final Console console;
    private final Thread thread;
    private volatile boolean closed;
    private String told = "";

    StatusWatch(LocalCluster cluster, Console console) {
        this.cluster = cluster;
        this.console = console;
        thread = new Thread(this::watch, "status");
        thread.setDaemon(true);
        thread.start();
    }

    private void watch() {
        while (!closed) {
            look();
            try {
                Thread.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                return; // closed
            }
        }
    }

    private void look() {
        Map<LocalMember, @Nullable MemberStatus> statuses = cluster.statuses();
        if (closed) {
            return;
        }
        String leader = "nobody";
        long round = -1;
        long revision = 0;
        int epoch = 0;
        int answering = 0;
        List<String> marks = new ArrayList<>();
        for (Map.Entry<LocalMember, @Nullable MemberStatus> entry : statuses.entrySet()) {
            MemberStatus status = entry.getValue();
            String name = entry.getKey().name();
            if (status == null) {
                marks.add(console.bad("○ " + name));
                continue;
            }
            answering++;
            revision = Math.max(revision, status.getRevision());
            epoch = Math.max(epoch, status.getConfiguration().getEpoch());
            if (status.getRole() == Role.ROLE_LEADER && status.getPromised().getRound() > round) {
                leader = name;
                round = status.getPromised().getRound();
            }
            marks.add(status.getReady() ? console.good("● " + name) : console.bad("◐ " + name));
        }
        String line =
                "leader " + console.strong(leader) + "  epoch " + epoch + "  revision " + revision + "  "
                        + String.join("  ", marks);
        console.status(line);
        String summary = "cluster: leader " + leader + ", " + answering + " of " + statuses.size()
                + " members answer";
        if (!console.onTerminal() && !summary.equals(told)) {
            told = summary;
            console.say(summary);
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        console.status("");
    }
}
