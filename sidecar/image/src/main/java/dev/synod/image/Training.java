package dev.synod.image;

import dev.synod.image.Distribution.Start;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Writes the AOT caches. What a cache is good for is what its training did:
 *
 * <ol>
 *   <li>Three members, with TLS as in production, become a cluster; one is filled, and ended well.
 *   <li>It is started again as its cache's training: it reads its volume back, follows, is made the leader,
 *       serves each part of the API, takes snapshots, hands leadership over, and serves again as a follower.
 *   <li>synodctl takes a lock through it: its cache's training.
 *   <li>SIGTERM: it drains, ends with 0, and its JVM writes the cache.
 * </ol>
 */
public final class Training {
    private static final List<String> FLAGS = List.of("--snapshot-entries", "500", "--segment-bytes", "1MiB",
            "--election-timeout", "3s"); // a machine that does other things, too, changes no leader
    private static final int WRITES = 2_000;

    private final Distribution distribution;
    private final Path work;

    private Training(Distribution distribution, Path work) {
        this.distribution = distribution;
        this.work = work;
    }

    /** Arguments: the distribution, an empty folder to work in, the sidecar's cache, synodctl's cache. */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 4) {
            System.err.println("usage: Training DISTRIBUTION WORK SIDECAR-CACHE SYNODCTL-CACHE");
            System.exit(64);
        }
        new Training(Distribution.in(arguments[0]), Path.of(arguments[1]).toAbsolutePath())
                .run(Path.of(arguments[2]).toAbsolutePath(), Path.of(arguments[3]).toAbsolutePath());
    }

    private void run(Path sidecarCache, Path synodctlCache)
            throws IOException, InterruptedException, GeneralSecurityException {
        Credentials credentials = Credentials.make(Files.createDirectories(work));
        try (Member first = new Member(distribution, work.resolve("first"), credentials, FLAGS);
                Member second = new Member(distribution, work.resolve("second"), credentials, FLAGS);
                Member third = new Member(distribution, work.resolve("third"), credentials, FLAGS)) {
            List<Member> members = List.of(first, second, third);
            for (Member member : members) {
                member.start(new Start.Uncached());
            }
            members.forEach(Member::awaitStarted);
            Member.formCluster(members);
            try (Application application = new Application(first.endpoint())) {
                application.write(WRITES);
            }
            first.end();

            say("the sidecar: it follows, leads, serves, and ends");
            first.start(new Start.Training(sidecarCache));
            first.awaitReady();
            Member.makeLeader(first, members);
            try (Application application = new Application(first.endpoint())) {
                application.useEverything();
                application.write(WRITES);
                Member.makeLeader(second, members);
                application.useEverything();
                application.write(WRITES / 4);
            }
            if (!first.scrape()) {
                throw new IllegalStateException("no metrics came from the member");
            }
            say("synodctl: it takes a lock");
            trainSynodctl(first, synodctlCache);
            say("the sidecar's cache is written");
            first.end();
            for (Path cache : List.of(sidecarCache, synodctlCache)) {
                if (!Files.isRegularFile(cache)) {
                    throw new IllegalStateException(
                            "the JVM wrote no cache " + cache + "; see the logs in " + work);
                }
            }
        }
    }

    private void trainSynodctl(Member through, Path cache) throws IOException, InterruptedException {
        File log = work.resolve("synodctl.log").toFile();
        ProcessBuilder synodctl = distribution.synodctl(new Start.Training(cache),
                List.of("lock", "training/synodctl", "--", "true"));
        synodctl.environment().put("SYNOD_ENDPOINT", through.endpoint());
        Process running = synodctl.redirectErrorStream(true).redirectOutput(log).start();
        if (!running.waitFor(Patience.LONG.toSeconds(), TimeUnit.SECONDS) || running.exitValue() != 0) {
            running.destroyForcibly();
            throw new IllegalStateException("synodctl did not end well; see " + log);
        }
    }

    private static void say(String what) {
        System.err.println("training: " + what);
    }
}
