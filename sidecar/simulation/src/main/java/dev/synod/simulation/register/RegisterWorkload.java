package dev.synod.simulation.register;

import dev.synod.paxos.SeededRandom;
import dev.synod.simulation.check.RegisterModel.Input;
import dev.synod.simulation.check.RegisterModel.Kind;
import dev.synod.simulation.port.Knob;
import dev.synod.simulation.port.Knobs;
import dev.synod.simulation.port.Workload;
import dev.synod.simulation.register.RegisterCodec.Reply;
import dev.synod.simulation.register.RegisterCodec.Request;

/**
 * Clients that contend for a few registers and lists. Every argument is used once in a run, so that an answer
 * tells which write it saw; a swap mostly expects what its client's last answers may have left there.
 */
public final class RegisterWorkload implements Workload {
    private static final Verdict DONE = new Verdict.Done();
    private static final Verdict FAILED = new Verdict.Failed();
    private static final Verdict UNKNOWN = new Verdict.Unknown();
    private static final Verdict LATER = new Verdict.Later();

    private final int keys;
    private final double readShare;
    private final double swapShare;
    private final double appendShare;
    private final long[] lastSeen;
    private long argument;

    /** A workload on {@link Knob#KEYS} keys; the mix of requests is drawn from {@code random}. */
    public RegisterWorkload(Knobs knobs, SeededRandom random) {
        keys = knobs.count(Knob.KEYS);
        readShare = 0.1 + 0.6 * random.unit();
        swapShare = 0.4 * random.unit();
        appendShare = 0.4 * random.unit();
        lastSeen = new long[keys];
    }

    @Override
    public byte[] next(long client, long request, SeededRandom random) {
        int key = random.below(keys);
        if (random.chance(readShare)) {
            return encode(client, request, new Input(Kind.READ, key, 0, 0));
        }
        argument++;
        double which = random.unit();
        if (which < swapShare) {
            return encode(client, request, new Input(Kind.CAS, key, argument, lastSeen[key]));
        }
        Kind kind = which < swapShare + appendShare ? Kind.APPEND : Kind.WRITE;
        return encode(client, request, new Input(kind, key, argument, 0));
    }

    @Override
    public byte[] last(long client, long request, SeededRandom random) {
        argument++;
        return encode(client, request, new Input(Kind.APPEND, random.below(keys), argument, 0));
    }

    private static byte[] encode(long client, long request, Input input) {
        return RegisterCodec.encode(new Request(client, request, input));
    }

    @Override
    public Verdict interpret(byte[] request, byte[] bytes) {
        Reply reply = RegisterCodec.decodeReply(bytes);
        return switch (reply.status()) {
            case OK -> {
                if (reply.output() != null) {
                    int key = (int) RegisterCodec.decodeRequest(request).input().key();
                    lastSeen[key] = reply.output().state().value();
                }
                yield DONE;
            }
            case NOT_LEADER -> new Verdict.Elsewhere(reply.leader());
            case BUSY -> LATER;
            case FAILED -> FAILED;
            case UNKNOWN -> UNKNOWN;
        };
    }

    /** Members carry out a repeated command once, and a read changes nothing. */
    @Override
    public boolean mayRepeat(byte[] request) {
        return true;
    }
}
