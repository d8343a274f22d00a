package dev.synod.simulation.coordination;

import dev.synod.member.Failure;
import dev.synod.paxos.SeededRandom;
import dev.synod.simulation.check.FencedRegister;
import dev.synod.simulation.coordination.Ask.Kind;
import dev.synod.simulation.coordination.Told.Notice;
import dev.synod.simulation.port.Knob;
import dev.synod.simulation.port.Knobs;
import dev.synod.simulation.port.Workload;
import dev.synod.state.Outcome;
import dev.synod.state.Refusal;
import dev.synod.state.Reply;
import dev.synod.state.Request;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Applications that open sessions, contend for a few locks, elections and values, and watch the values. What
 * they write under a lock goes to a store outside as well, which goes by fencing tokens.
 */
final class CoordinationWorkload implements Workload {
    private static final Verdict DONE = new Verdict.Done();
    private static final Verdict FAILED = new Verdict.Failed();
    private static final Verdict UNKNOWN = new Verdict.Unknown();
    private static final Verdict LATER = new Verdict.Later();
    private static final long MILLISECOND_NANOS = 1_000_000;
    private static final int SEMAPHORE_PERMITS = 2;

    /** What an application knows. */
    private static final class App {
        final long name;
        long session;
        @Nullable UUID home;
        long lastRequest;
        long ackedBelow;
        final TreeMap<String, Long> held = new TreeMap<>();
        final Map<String, Long> revisions = new HashMap<>();
        long newestRevision = 1;
        long watch;
        long heard;
        long nextRevision;

        App(long name) {
            this.name = name;
        }

        void loseSession() {
            session = 0;
            home = null;
            held.clear();
        }
    }

    private final Knobs knobs;
    private final int keys;
    private final double[] weights = new double[Kind.values().length];
    private final Map<Long, App> apps = new HashMap<>();
    private final FencedRegister store = new FencedRegister();
    private long lastTag;

    /** Applications as the knobs want them; the mix of questions is drawn from {@code random}. */
    CoordinationWorkload(Knobs knobs, SeededRandom random) {
        this.knobs = knobs;
        this.keys = knobs.count(Knob.KEYS);
        for (Kind kind : Kind.values()) {
            // Every run has its favourites.
            weights[kind.ordinal()] = weight(kind) * (0.2 + 1.6 * random.unit());
        }
    }

    private static double weight(Kind kind) {
        return switch (kind) {
            case OPEN -> 0;
            case CLOSE, BREAK -> 0.6;
            case TRANSFER -> 1.5;
            case BEAT, POLL -> 9;
            case TRY -> 10;
            case WAIT -> 14;
            case RELEASE -> 26;
            case CAMPAIGN -> 8;
            case RESIGN -> 4;
            case PUT, SWAP -> 7;
            case PROCLAIM, GUARDED_PUT, BOUND_PUT, PAIR, DELETE -> 3;
            case READ, LOOK_AT_LOCK, LOOK_AT_ELECTION -> 4;
            case READ_AT_LEAST, READ_STALE -> 2;
        };
    }

    // ---- asking -------------------------------------------------------------------------------------------

    @Override
    public byte[] next(long client, long request, SeededRandom random) {
        App app = apps.computeIfAbsent(client, App::new);
        if (app.session == 0) {
            return random.chance(0.75) ? open(app, random) : withoutSession(app, random);
        }
        Kind kind = draw(random);
        boolean needsHolding = kind == Kind.RELEASE || kind == Kind.RESIGN || kind == Kind.PROCLAIM
                || kind == Kind.GUARDED_PUT;
        if (needsHolding && app.held.isEmpty() && random.chance(0.9)) {
            kind = Kind.WAIT;
        }
        return ask(app, kind, random).encode();
    }

    private Kind draw(SeededRandom random) {
        double sum = 0;
        for (double weight : weights) {
            sum += weight;
        }
        double drawn = random.unit() * sum;
        for (Kind kind : Kind.values()) {
            drawn -= weights[kind.ordinal()];
            if (drawn < 0) {
                return kind;
            }
        }
        return Kind.BEAT;
    }

    @Override
    public byte[] last(long client, long request, SeededRandom random) {
        return open(apps.computeIfAbsent(client, App::new), random);
    }

    private byte[] open(App app, SeededRandom random) {
        long ttlMillis = knobs.get(Knob.SESSION_TTL) / MILLISECOND_NANOS;
        long ttl = Math.max(1_000, random.chance(0.7) ? ttlMillis : ttlMillis / 2);
        return new Ask(Kind.OPEN, app.name, 0, app.name, null, Request.NONE, "", 0, 0, "", ttl, 0, 0)
                .encode();
    }

    private byte[] withoutSession(App app, SeededRandom random) {
        Kind kind = random.chance(0.5) ? Kind.READ : random.chance(0.7) ? Kind.PUT : Kind.POLL;
        return ask(app, kind, random).encode();
    }

    private Ask ask(App app, Kind kind, SeededRandom random) {
        String name = switch (kind) {
            case TRY, WAIT, BREAK, LOOK_AT_LOCK -> "lock-" + random.below(keys);
            case RELEASE, GUARDED_PUT -> held(app, "lock-", random);
            case CAMPAIGN, TRANSFER, LOOK_AT_ELECTION -> election(random);
            case RESIGN, PROCLAIM -> held(app, "election-", random);
            case PUT, SWAP, BOUND_PUT, PAIR, DELETE, READ, READ_AT_LEAST, READ_STALE ->
                    AppCommands.VALUE + random.below(keys);
            case OPEN, CLOSE, BEAT, POLL -> "";
        };
        long token = switch (kind) {
            case RELEASE, PROCLAIM, GUARDED_PUT -> token(app, name, random);
            default -> 0;
        };
        if (kind == Kind.GUARDED_PUT && token == 0) {
            token = 1 + random.below(100L);
        }
        String value = switch (kind) {
            case CAMPAIGN, PROCLAIM, PUT, SWAP, GUARDED_PUT, BOUND_PUT, PAIR -> "tag-" + ++lastTag;
            case TRANSFER -> AppCommands.candidate(1 + random.below(knobs.count(Knob.CLIENTS)));
            default -> "";
        };
        long number = switch (kind) {
            case WAIT -> wait(random);
            case SWAP -> app.revisions.getOrDefault(name, 0L);
            case READ_AT_LEAST -> app.newestRevision;
            case POLL -> app.nextRevision;
            default -> 0;
        };
        return new Ask(kind, app.name, app.session, app.name, app.home, request(app, kind, random), name,
                permits(kind, name, random), token, value, number, app.watch, app.heard);
    }

    private static int permits(Kind kind, String name, SeededRandom random) {
        if (kind != Kind.TRY && kind != Kind.WAIT) {
            return kind == Kind.CAMPAIGN ? 1 : 0;
        }
        return switch (name) {
            case "lock-2" -> SEMAPHORE_PERMITS;
            case "lock-3" -> random.below(2);
            default -> 1;
        };
    }

    private String held(App app, String prefix, SeededRandom random) {
        List<String> names = new ArrayList<>(app.held.tailMap(prefix).keySet());
        names.removeIf(name -> !name.startsWith(prefix));
        if (!names.isEmpty() && random.chance(0.95)) {
            return names.get(random.below(names.size()));
        }
        return prefix.startsWith("lock") ? prefix + random.below(keys) : election(random);
    }

    private String election(SeededRandom random) {
        return "election-" + random.below((keys + 2) / 3);
    }

    private static long token(App app, String name, SeededRandom random) {
        long token = app.held.getOrDefault(name, 0L);
        return token == 0 || random.chance(0.9) ? token : random.chance(0.5) ? 0 : Math.max(1, token - 1);
    }

    /** Mostly short; now and then longer than the client waits for its answer. */
    private long wait(SeededRandom random) {
        long most = 2 * knobs.get(Knob.CLIENT_TIMEOUT);
        double part = random.unit();
        return most / 100 + (long) (part * part * part * most);
    }

    /** Requests rise, now and then with a gap, and are acknowledged late at times. */
    private static Request request(App app, Kind kind, SeededRandom random) {
        if (app.session == 0 || kind.isRead() || kind == Kind.CLOSE) {
            return new Request(app.session, 0, 0);
        }
        long id = app.lastRequest + (random.chance(0.1) ? 3 : 1);
        app.ackedBelow = random.chance(0.7) ? id : app.ackedBelow;
        app.lastRequest = id;
        return new Request(app.session, id, app.ackedBelow);
    }

    // ---- reading answers ----------------------------------------------------------------------------------

    @Override
    public Verdict interpret(byte[] request, byte[] bytes) {
        Ask ask = Ask.decode(request);
        Told told = Told.decode(bytes);
        App app = apps.get(ask.app());
        return switch (told.status()) {
            case OK -> {
                if (app != null) {
                    learn(app, ask, told);
                }
                yield DONE;
            }
            case ELSEWHERE -> new Verdict.Elsewhere(told.home());
            case LATER -> LATER;
            case FAILED -> FAILED;
            case UNKNOWN -> UNKNOWN;
        };
    }

    private void learn(App app, Ask ask, Told told) {
        if (ask.session() == app.session && ask.kind().needsAttachment()) {
            app.home = told.home();
        }
        told.lost().forEach(app.held::remove);
        if (told.failure() == Failure.CLAIM_LOST) {
            app.held.remove(ask.name());
        }
        if (ask.kind() == Kind.POLL) {
            listen(app, told);
        }
        switch (told.reply()) {
            case Reply.Attached attached when ask.kind() == Kind.OPEN -> {
                app.loseSession();
                app.session = attached.session();
                app.home = told.home();
                app.lastRequest = 0;
                app.ackedBelow = 0;
            }
            case Reply.Granted granted when ask.kind() != Kind.TRANSFER -> {
                app.held.put(ask.name(), granted.token());
                store.write(ask.name(), granted.token(), "session " + ask.session());
            }
            case Reply.Done done -> {
                switch (ask.kind()) {
                    case CLOSE -> app.loseSession();
                    case RELEASE, RESIGN -> app.held.remove(ask.name());
                    default -> {}
                }
            }
            case Reply.Refused refused -> refused(app, ask, refused);
            case Reply.Committed committed -> {
                app.newestRevision = Math.max(app.newestRevision, committed.revision());
                if (ask.kind() != Kind.DELETE) {
                    app.revisions.put(ask.name(), committed.revision());
                }
                if (committed.outcomes().getFirst() instanceof Outcome.Found found) {
                    noteRevision(app, ask.name(), found);
                }
            }
            case Reply.Ranged ranged -> {
                app.newestRevision = Math.max(app.newestRevision, ranged.revision());
                noteRevision(app, ask.name(), ranged.found());
            }
            case null, default -> {}
        }
    }

    private static void noteRevision(App app, String key, Outcome.Found found) {
        app.revisions.put(key, found.values().isEmpty() ? 0 : found.values().getFirst().modRevision());
    }

    private static void refused(App app, Ask ask, Reply.Refused refused) {
        Refusal reason = refused.reason();
        if (reason == Refusal.SESSION_ENDED || reason == Refusal.SESSION_NOT_FOUND) {
            app.loseSession();
        } else if (reason == Refusal.LOCK_NOT_HELD || reason == Refusal.NOT_LEADER
                || reason == Refusal.CANDIDATE_NOT_FOUND) {
            app.held.remove(ask.name());
        } else if (reason == Refusal.TOO_MANY_OUTSTANDING) {
            app.ackedBelow = app.lastRequest;
        }
    }

    private static void listen(App app, Told told) {
        if (told.watch() != app.watch) {
            app.watch = told.watch();
            app.heard = 0;
        }
        for (Notice notice : told.notices()) {
            if (notice.number() <= app.heard) {
                continue;
            }
            app.heard = notice.number();
            switch (notice.kind()) {
                case STARTED, CHANGES, BOOKMARK ->
                        app.nextRevision = Math.max(app.nextRevision, notice.revision() + 1);
                case COMPACTED -> {
                    app.nextRevision = 0;
                    app.watch = 0;
                }
                case ENDED -> app.watch = 0;
                case RESET -> {}
            }
        }
    }

    /** A commit without a session would be carried out twice. */
    @Override
    public boolean mayRepeat(byte[] request) {
        Ask ask = Ask.decode(request);
        return ask.kind() == Kind.OPEN || ask.kind().isRead() || ask.session() != 0;
    }
}
