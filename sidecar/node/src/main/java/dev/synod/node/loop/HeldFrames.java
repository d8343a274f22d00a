package dev.synod.node.loop;

import dev.synod.paxos.Effects.Outgoing;
import java.util.ArrayDeque;

/**
 * Frames that leave only once a batch is durable, in the order in which they were handed over. On the event
 * loop.
 */
final class HeldFrames {
    /** More than this do not wait for a stuck disk: what is over is lost, as frames may be. */
    static final int HELD_MAX = 1_024;

    private final FrameSender sender;
    private final LoopMeters meters;
    private final ArrayDeque<Outgoing> held = new ArrayDeque<>();
    private long durable;
    private boolean silent;

    HeldFrames(FrameSender sender, LoopMeters meters) {
        this.sender = sender;
        this.meters = meters;
    }

    void send(Outgoing frame) {
        if (silent) {
            return;
        }
        if (frame.afterSequence() <= durable) {
            sender.send(frame.to(), frame.frame(), frame.bulk());
        } else if (held.size() < HELD_MAX) {
            held.add(frame);
        } else {
            meters.frameNotHeld();
        }
    }

    void durable(long sequence) {
        durable = sequence;
        while (!held.isEmpty() && held.getFirst().afterSequence() <= durable) {
            Outgoing frame = held.removeFirst();
            sender.send(frame.to(), frame.frame(), frame.bulk());
        }
    }

    /** A FAULTY member says nothing more, not even what it wanted to say before. */
    void silence() {
        silent = true;
        held.clear();
    }
}
