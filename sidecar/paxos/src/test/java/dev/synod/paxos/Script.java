package dev.synod.paxos;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A story about a {@link ScriptedGroup} in plain text: commands, and under each what came of it.
 *
 * <pre>
 * # prose
 * &gt; command
 *   output
 * </pre>
 *
 * Output is one line an event: the time in milliseconds, who, what. {@code 1->2} leaves, {@code 2<-1}
 * arrives, {@code 1-x2} is lost, {@code 1..2} waits for the disk. An entry is {@code index:payload@ballot}, a
 * ballot {@code epoch.round.member}, a log {@code accepted/last}, a snapshot {@code index+bytes}. Members are
 * called by numbers.
 *
 * <pre>
 * options heartbeat=100ms election=1s window=4 frame=200 chunk=16 reads=2     before the group is founded
 * cluster 3 | cluster 3 inactive | newcomer 4 | activate 1
 * campaign 1 | propose 1 a b | read 2 7 | transfer 1 2 | add-observer 1 4 | remove-observer 1 4
 * reconfigure 1 voters 1,2,4 | reconfigure 1 epoch 0 voters 1,2,4
 * snapshot 1 keep 2 | disk-full 1 on
 * damage 3                   the next bytes of a snapshot that 3 stores are wrong
 * durable 1                  what 1 wrote so far is on disk
 * hold-disk 1 | release-disk 1
 * deliver | deliver 1>2 | deliver 1>2 Sync | deliver Sync 2    the second of what is under way
 * drop | delay | copy        like deliver: is lost; comes late; comes late once more
 * late                       what was delayed or copied arrives
 * settle                     writes and messages, until nothing is left to happen without time
 * tick 300ms                 timers alone
 * run 2s                     timers, messages and writes, a millisecond each
 * cut 1>2 | cut 1-2 | isolate 3 | heal
 * close 2 1                  2 sees that 1 closed its connection
 * crash 2 | restart 2 | backup 2 | restore 2 | fork 2 9
 * await 4s                   runs until a fresh command is decided; fails when it takes longer
 * trace all | trace roles | trace none | status | log 1
 * </pre>
 */
final class Script {
    private static final long MILLISECOND_NANOS = 1_000_000;

    private final List<String> lines;
    private final long seed;
    private Options options = Options.DEFAULT;
    private final Trace trace = new Trace();
    private @Nullable ScriptedGroup founded;
    private final List<ToyVolume> backups = new ArrayList<>();
    private int awaited;

    Script(String text) {
        this(text, 1);
    }

    /** The story with other timers. */
    Script(String text, long seed) {
        lines = text.lines().toList();
        this.seed = seed;
    }

    /** The script again, with the output that its commands give now. */
    String run() {
        StringBuilder text = new StringBuilder();
        for (String line : lines) {
            if (line.isEmpty() || line.startsWith("#")) {
                text.append(line).append('\n');
            } else if (line.startsWith(">")) {
                text.append(line).append('\n');
                perform(line, text);
            }
        }
        return text.toString();
    }

    /** The group as the script left it. */
    ScriptedGroup group() {
        ScriptedGroup group = founded;
        if (group == null) {
            throw new IllegalStateException("no cluster yet");
        }
        return group;
    }

    private void perform(String line, StringBuilder text) {
        try {
            command(Arrays.asList(line.substring(1).strip().split(" +")));
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError("at '" + line + "': " + e + "\n" + trace.take(), e);
        }
        text.append(trace.take());
    }

    private void command(List<String> words) {
        List<String> rest = words.subList(1, words.size());
        switch (words.getFirst()) {
            case "options" -> options = optionsOf(rest);
            case "cluster" -> {
                founded = new ScriptedGroup(options, new SeededRandom(seed), trace);
                group().found(Integer.parseInt(rest.getFirst()), !rest.contains("inactive"));
            }
            case "newcomer" -> group().newcomer(rest.getFirst());
            case "deliver" -> counted(group().deliver(flights(rest)), rest);
            case "drop" -> counted(group().drop(flights(rest)), rest);
            case "delay" -> counted(group().delay(flights(rest)), rest);
            case "copy" -> counted(group().copy(flights(rest)), rest);
            case "late" -> counted(group().deliverLate(), rest);
            case "settle" -> group().settle();
            case "tick" -> group().tick(nanos(rest.getFirst()));
            case "run" -> group().run(nanos(rest.getFirst()));
            case "await" -> await(nanos(rest.getFirst()));
            case "cut" -> cut(rest.getFirst());
            case "isolate" -> isolate(rest.getFirst());
            case "heal" -> group().heal();
            case "trace" -> trace.level(Trace.Level.valueOf(rest.getFirst().toUpperCase(Locale.ROOT)));
            case "status" -> status();
            default -> memberCommand(words.getFirst(), group().member(rest.getFirst()),
                    rest.subList(1, rest.size()));
        }
    }

    private void memberCommand(String word, ScriptedMember member, List<String> rest) {
        switch (word) {
            case "durable" -> member.allDurable();
            case "hold-disk" -> member.holdDisk(true);
            case "release-disk" -> member.holdDisk(false);
            case "damage" -> member.damageNextChunk();
            case "crash" -> member.crash();
            case "restart" -> member.start();
            case "backup" -> backups.add(member.volume().copy());
            case "restore" -> member.replaceVolume(backups.getLast().copy());
            case "fork" -> group().fork(member, rest.getFirst());
            case "log" -> log(member);
            default -> group().step(member, event(word, member, rest));
        }
    }

    private Event event(String word, ScriptedMember member, List<String> rest) {
        return switch (word) {
            case "campaign" -> new Event.Campaign();
            case "activate" -> new Event.Activate();
            case "propose" -> new Event.Propose(commands(rest));
            case "read" -> new Event.Read(Long.parseLong(rest.getFirst()));
            case "transfer" -> new Event.TransferTo(ScriptedGroup.uuid(rest.getFirst()));
            case "add-observer" ->
                    new Event.AddObserver(ScriptedGroup.uuid(rest.getFirst()), "m" + rest.getFirst());
            case "remove-observer" -> new Event.RemoveObserver(ScriptedGroup.uuid(rest.getFirst()));
            case "reconfigure" -> reconfigure(member, rest);
            case "snapshot" -> member.taken(Long.parseLong(rest.getLast()));
            case "disk-full" -> new Event.DiskFull(rest.getFirst().equals("on"));
            case "close" -> new Event.LinkClosed(ScriptedGroup.uuid(rest.getFirst()));
            default -> throw new IllegalArgumentException("no command is called " + word);
        };
    }

    private static Event reconfigure(ScriptedMember member, List<String> rest) {
        boolean epochNamed = rest.getFirst().equals("epoch");
        int epoch = epochNamed ? Integer.parseInt(rest.get(1)) : member.running().epoch();
        List<UUID> voters = new ArrayList<>();
        for (String name : rest.getLast().split(",", -1)) {
            voters.add(ScriptedGroup.uuid(name));
        }
        return new Event.Reconfigure(epoch, voters);
    }

    private static List<Bytes> commands(List<String> texts) {
        List<Bytes> commands = new ArrayList<>();
        for (String text : texts) {
            commands.add(Bytes.of(text.getBytes(StandardCharsets.UTF_8)));
        }
        return commands;
    }

    // ---- words ----------------------------------------------------------------------------------------

    private static long nanos(String text) {
        if (text.endsWith("ms")) {
            return Long.parseLong(text.substring(0, text.length() - 2)) * MILLISECOND_NANOS;
        }
        return Long.parseLong(text.substring(0, text.length() - 1)) * 1_000 * MILLISECOND_NANOS;
    }

    private Options optionsOf(List<String> settings) {
        Options set = options;
        for (String setting : settings) {
            String value = setting.substring(setting.indexOf('=') + 1);
            set = switch (setting.substring(0, setting.indexOf('='))) {
                case "heartbeat" -> with(set, nanos(value), set.electionTimeoutNanos());
                case "election" -> with(set, set.heartbeatNanos(), nanos(value));
                case "window" -> with(set, Integer.parseInt(value), set.windowBytes(), set.frameBytesMax());
                case "window-bytes" ->
                        with(set, set.windowEntries(), Integer.parseInt(value), set.frameBytesMax());
                case "frame" -> with(set, set.windowEntries(), set.windowBytes(), Integer.parseInt(value));
                case "chunk" -> withChunk(set, Integer.parseInt(value), set.readsMax());
                case "reads" -> withChunk(set, set.chunkBytes(), Integer.parseInt(value));
                default -> throw new IllegalArgumentException("no option is called " + setting);
            };
        }
        return set;
    }

    private static Options with(Options o, long heartbeatNanos, long electionNanos) {
        return new Options(heartbeatNanos, electionNanos, o.windowEntries(), o.windowBytes(),
                o.frameBytesMax(),
                o.chunkBytes(), o.readsMax());
    }

    private static Options with(Options o, int windowEntries, int windowBytes, int frameBytesMax) {
        return new Options(o.heartbeatNanos(), o.electionTimeoutNanos(), windowEntries, windowBytes,
                frameBytesMax,
                o.chunkBytes(), o.readsMax());
    }

    private static Options withChunk(Options o, int chunkBytes, int readsMax) {
        return new Options(o.heartbeatNanos(), o.electionTimeoutNanos(), o.windowEntries(), o.windowBytes(),
                o.frameBytesMax(), chunkBytes, readsMax);
    }

    /** {@code 1>2 Kind}, {@code Kind}, or everything; with a number at the end, only that one of them. */
    private static Predicate<ScriptedGroup.Flight> flights(List<String> words) {
        String last = words.isEmpty() ? "" : words.getLast();
        boolean single = !last.isEmpty() && last.chars().allMatch(Character::isDigit);
        List<String> wanted = single ? words.subList(0, words.size() - 1) : words;
        int[] seen = new int[1];
        return flight -> {
            for (String word : wanted) {
                if (!isWanted(flight, word)) {
                    return false;
                }
            }
            return !single || ++seen[0] == Integer.parseInt(last);
        };
    }

    private static boolean isWanted(ScriptedGroup.Flight flight, String word) {
        int arrow = word.indexOf('>');
        return arrow >= 0
                ? flight.isOn(word.substring(0, arrow), word.substring(arrow + 1))
                : flight.envelope().message().getClass().getSimpleName().equals(word);
    }

    /** A script that means a certain message must not go on without it. */
    private static void counted(int count, List<String> wanted) {
        if (count == 0 && !wanted.isEmpty()) {
            throw new IllegalStateException("nothing under way is " + String.join(" ", wanted));
        }
    }

    // ---- partitions -----------------------------------------------------------------------------------

    private void cut(String link) {
        int sign = Math.max(link.indexOf('>'), link.indexOf('-'));
        String from = link.substring(0, sign);
        String to = link.substring(sign + 1);
        group().cut(from, to);
        if (link.charAt(sign) == '-') {
            group().cut(to, from);
        }
    }

    private void isolate(String name) {
        for (ScriptedMember other : group().members()) {
            if (!other.name().equals(name)) {
                cut(name + "-" + other.name());
            }
        }
    }

    /** I20: a command that nobody proposed before is decided within {@code limitNanos} of virtual time. */
    private void await(long limitNanos) {
        ScriptedGroup group = group();
        String fresh = "fresh" + ++awaited;
        List<String> asked = new ArrayList<>();
        long began = group.nowNanos();
        long end = began + limitNanos;
        while (group.nowNanos() < end) {
            proposeWhereItLeads(fresh, asked);
            long pause = Math.min(group.nowNanos() + MILLISECOND_NANOS, end);
            group.run(pause - group.nowNanos());
            if (isDecided(fresh)) {
                trace.say("        a fresh command is decided after "
                        + (group.nowNanos() - began) / MILLISECOND_NANOS
                        + " ms");
                return;
            }
        }
        throw new AssertionError("nothing is decided within " + limitNanos / MILLISECOND_NANOS + " ms");
    }

    /** Once at each ballot. */
    private void proposeWhereItLeads(String command, List<String> asked) {
        for (ScriptedMember member : group().members()) {
            if (member.isUp() && member.running().role() == Role.LEADER) {
                String ballot = member.name() + " at " + member.running().promised();
                if (!asked.contains(ballot)) {
                    asked.add(ballot);
                    group().step(member, new Event.Propose(commands(List.of(command))));
                }
            }
        }
    }

    private boolean isDecided(String command) {
        for (Entry entry : group().oracle().decided()) {
            if (Notation.payload(entry.payload()).equals(command)) {
                return true;
            }
        }
        return false;
    }

    // ---- views ----------------------------------------------------------------------------------------

    private void status() {
        trace.say("        member role      epoch promised accepted base last decided leader  voters");
        for (ScriptedMember member : group().members()) {
            Replica replica = member.replica();
            if (replica == null) {
                trace.say("        " + member.name() + "      down");
                continue;
            }
            UUID leader = replica.leader();
            trace.say(String.format(
                    "        %-6s %-9s %5d %-8s %-8s %4d %4d %7d %-7s %s",
                    member.name(),
                    replica.role(),
                    replica.epoch(),
                    replica.promised(),
                    replica.accepted(),
                    replica.base(),
                    replica.last(),
                    replica.decided(),
                    leader == null ? "-" : Notation.name(leader),
                    Notation.configuration(replica.configuration()).substring("voters ".length())));
        }
    }

    private void log(ScriptedMember member) {
        Replica replica = member.running();
        StringBuilder text =
                new StringBuilder("        " + member.name() + " applied " + member.applied() + ", log");
        for (long index = replica.base() + 1; index <= replica.last(); index++) {
            text.append(' ').append(Notation.entry(replica.entry(index)));
        }
        trace.say(text.toString());
    }
}
