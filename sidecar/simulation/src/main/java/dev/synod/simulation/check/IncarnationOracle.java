package dev.synod.simulation.check;

import dev.synod.paxos.Codec;
import dev.synod.paxos.Role;
import dev.synod.simulation.port.Oracle;
import dev.synod.simulation.port.ProgramView;
import dev.synod.simulation.port.WorldFacts;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Identity: once a process has heard a peer's newer incarnation, it must answer whatever else comes of an
 * older one, or of an equal one with another nonce, with Refused, and do nothing on its account. A frame that
 * a crashed process left in the network and that arrives after its successor's first is enough to see whether
 * it does.
 *
 * <p>Frames are read by the offsets that {@link Codec} documents; decoding all that arrives would cost more
 * than the rest.
 */
public final class IncarnationOracle implements Oracle {
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int CLUSTER_AT = 8;
    private static final int FROM_AT = 24;
    private static final int TO_AT = 40;
    private static final int INCARNATION_AT = 56;
    private static final int NONCE_AT = 64;
    private static final int HEAD_BYTES = 72;
    private static final int REFUSED = typeNamed("Refused");

    /** The newest process that a receiver has heard of one identity. */
    private static final class Heard {
        final long high;
        final long low;
        long incarnation;
        long nonce;

        Heard(long high, long low, long incarnation, long nonce) {
            this.high = high;
            this.low = low;
            this.incarnation = incarnation;
            this.nonce = nonce;
        }
    }

    /** One process that receives, and the frame that it is being handed. */
    private static final class Receiver {
        private @Nullable ProgramView view;
        private final List<Heard> heard = new ArrayList<>();
        boolean receiving;
        long high;
        long low;
        long incarnation;
        long nonce;
        boolean answeredRefused;
        boolean answeredOtherwise;

        void runs(ProgramView present) {
            if (view != present) {
                view = present;
                heard.clear();
                receiving = false;
            }
        }

        @Nullable
        Heard heardOf(long uuidHigh, long uuidLow) {
            for (int i = 0; i < heard.size(); i++) {
                Heard each = heard.get(i);
                if (each.high == uuidHigh && each.low == uuidLow) {
                    return each;
                }
            }
            return null;
        }
    }

    private final List<Receiver> receivers = new ArrayList<>();
    private @Nullable WorldFacts facts;

    private final boolean oneEventAStep;

    /** An oracle for one run, of processes that do nothing in a step but deal with the frame. */
    public IncarnationOracle() {
        this(true);
    }

    /**
     * An oracle for one run.
     *
     * @param oneEventAStep false when a process may do other things in the step in which it refuses a frame
     */
    public IncarnationOracle(boolean oneEventAStep) {
        this.oneEventAStep = oneEventAStep;
    }

    /** The number of the message type of this name. */
    static int typeNamed(String name) {
        for (int type = 0; type < Codec.TYPES; type++) {
            if (Codec.typeName(type).equals(name)) {
                return type;
            }
        }
        throw new IllegalStateException("no message is named " + name);
    }

    @Override
    public void begin(WorldFacts world) {
        facts = world;
    }

    private Receiver receiver(int machine) {
        while (receivers.size() <= machine) {
            receivers.add(new Receiver());
        }
        return receivers.get(machine);
    }

    private static long at(byte[] frame, int offset) {
        return (long) LONGS.get(frame, offset);
    }

    private static boolean holds(byte[] frame, int offset, @Nullable UUID uuid) {
        return uuid != null
                && at(frame, offset) == uuid.getMostSignificantBits()
                && at(frame, offset + Long.BYTES) == uuid.getLeastSignificantBits();
    }

    @Override
    public void onFrameDelivered(int from, int to, byte[] frame, boolean damaged) {
        Receiver receiver = receiver(to);
        receiver.receiving = false;
        WorldFacts world = facts;
        ProgramView view = world == null ? null : world.running(to);
        int type = damaged || frame.length < HEAD_BYTES ? -1 : Codec.typeOf(frame);
        if (view == null || type < 0 || type == REFUSED || view.role() == Role.FAULTY) {
            return;
        }
        receiver.runs(view);
        if (!holds(frame, CLUSTER_AT, view.cluster()) || !holds(frame, TO_AT, view.member())
                || holds(frame, FROM_AT, view.member())) {
            return;
        }
        receiver.receiving = true;
        receiver.high = at(frame, FROM_AT);
        receiver.low = at(frame, FROM_AT + Long.BYTES);
        receiver.incarnation = at(frame, INCARNATION_AT);
        receiver.nonce = at(frame, NONCE_AT);
        receiver.answeredRefused = false;
        receiver.answeredOtherwise = false;
    }

    @Override
    public void onFrameSent(int from, @Nullable UUID sender, UUID to, byte[] frame) {
        Receiver receiver = receiver(from);
        if (receiver.receiving
                && to.getMostSignificantBits() == receiver.high
                && to.getLeastSignificantBits() == receiver.low) {
            if (Codec.typeOf(frame) == REFUSED) {
                receiver.answeredRefused = true;
            } else {
                receiver.answeredOtherwise = true;
            }
        }
    }

    @Override
    public void onCrash(int machine, ProgramView view, boolean powerLost) {
        receiver(machine).receiving = false;
    }

    @Override
    public void afterStep(int machine, ProgramView view) {
        Receiver receiver = receiver(machine);
        if (!receiver.receiving) {
            return;
        }
        receiver.receiving = false;
        Heard newest = receiver.heardOf(receiver.high, receiver.low);
        if (newest == null) {
            receiver.heard.add(new Heard(receiver.high, receiver.low, receiver.incarnation, receiver.nonce));
        } else if (receiver.incarnation > newest.incarnation) {
            if (!receiver.answeredRefused) { // believed, and not found to have forgotten something
                newest.incarnation = receiver.incarnation;
                newest.nonce = receiver.nonce;
            }
        } else if (receiver.incarnation < newest.incarnation || receiver.nonce != newest.nonce) {
            checkRefused(machine, receiver, newest);
        }
    }

    private void checkRefused(int machine, Receiver receiver, Heard newest) {
        if (!receiver.answeredRefused || (oneEventAStep && receiver.answeredOtherwise)) {
            throw new Violation("identity",
                    "machine " + machine + " heard incarnation " + newest.incarnation + " of "
                            + new UUID(receiver.high, receiver.low)
                            + ", and then dealt with a frame of incarnation "
                            + receiver.incarnation
                            + (receiver.incarnation == newest.incarnation ? " with another nonce" : "")
                            + " without refusing it");
        }
    }
}
