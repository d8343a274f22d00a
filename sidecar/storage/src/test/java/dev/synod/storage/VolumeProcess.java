package dev.synod.storage;

import dev.synod.paxos.Bytes;
import dev.synod.paxos.Entry;
import dev.synod.paxos.Payload;
import dev.synod.paxos.WalRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the tests run in a process of its own, so that it can be killed, refused, or be short of room. */
final class VolumeProcess {
    private static final String BALLAST = ".ballast";

    private VolumeProcess() {}

    /** The command that runs this class, to be given a role and a folder. */
    static List<String> command(String role, Path folder) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-cp",
                System.getProperty("java.class.path"),
                VolumeProcess.class.getName(),
                role,
                folder.toString());
    }

    /** The command, in a shell line that gets the folder as {@code $0} and runs it by {@code "$@"}. */
    static List<String> commandIn(String shellLine, String role, Path folder) {
        List<String> command = new ArrayList<>(List.of("sh", "-c", shellLine, folder.toString()));
        command.addAll(command(role, folder));
        return command;
    }

    /** The command, on a file system in memory that only it can see. */
    static List<String> commandOnTmpfs(String options, String role, Path folder) {
        String mount = "mount -t tmpfs -o " + options + " tmpfs \"$0\"";
        return commandIn("exec unshare -rm sh -c '" + mount + " && exec \"$@\"' \"$0\" \"$@\"", role, folder);
    }

    static Process start(List<String> command) throws IOException {
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    /** Runs a command to its end, and returns what it said. */
    static List<String> run(List<String> command) throws IOException, InterruptedException {
        Process process = start(command);
        process.getOutputStream().close();
        List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines().toList();
        process.waitFor();
        return lines;
    }

    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[1]);
        try (FileDisk disk = FileDisk.open(folder)) {
            switch (args[0]) {
                case "append" -> append(disk);
                case "hold" -> hold(disk);
                case "open" -> say("opened");
                case "large" -> large(disk);
                case "full" -> full(disk, folder.resolve(BALLAST));
                default -> throw new IllegalArgumentException(args[0]);
            }
        } catch (FolderRefusedException e) {
            say("refused: " + e.getMessage());
        }
    }

    private static void say(String line) {
        System.out.println(line);
    }

    /** Writes until it is killed, and says after each sync what it covered. */
    private static void append(FileDisk disk) throws Exception {
        try (Life life = Life.start(disk)) {
            while (true) {
                say("synced " + life.last() + " " + life.round());
                life.step();
            }
        }
    }

    /** Holds the volume until a byte comes in, then goes on for one step. */
    private static void hold(FileDisk disk) throws Exception {
        try (Life life = Life.start(disk)) {
            say("held " + ProcessHandle.current().pid());
            if (System.in.read() >= 0) {
                life.appendEntries(1);
                say("synced " + life.last() + " " + life.round());
            }
        }
    }

    /** A batch too large for what a file may hold here, then a small one. */
    private static void large(FileDisk disk) throws Exception {
        try (Life life = Life.start(disk)) {
            Bytes body = Bytes.of(new byte[300 << 10]);
            try {
                life.volume.append(List.of(new WalRecord.Appended(
                        new Entry(life.last() + 1, Life.ballot(1), new Payload.Command(body)))));
            } catch (DiskFullException e) {
                say("full: " + e.getMessage());
            }
            for (int i = 0; i < 60; i++) {
                life.step();
            }
            say("synced " + life.last() + " " + life.round());
        }
    }

    /** Fills the file system, promises on, starts again, promises on, and goes on once there is room. */
    private static void full(FileDisk disk, Path ballast) throws Exception {
        Files.write(ballast, new byte[100 << 10]);
        long last;
        try (Life life = Life.start(disk)) {
            fill(life);
            promise(life);
            last = life.last();
        }
        try (Life life = Life.start(disk)) {
            say("again " + life.wrong(last, 100));
            promise(life);
            fill(life);
            say("is full " + life.volume.isFull());
            Files.delete(ballast);
            say("is full " + life.volume.replenish());
            life.appendEntries(Life.ENTRIES_MAX);
            last = life.last();
        }
        try (Life life = Life.start(disk)) {
            say("again " + life.wrong(last, 200));
        }
    }

    private static void fill(Life life) throws IOException {
        try {
            while (true) {
                life.appendEntries(Life.ENTRIES_MAX);
            }
        } catch (DiskFullException e) {
            say("full: " + e.getMessage());
        }
    }

    private static void promise(Life life) throws DiskFullException {
        for (int i = 0; i < 100; i++) {
            life.promise();
        }
        say("promised " + life.round());
    }
}
