package dev.synod.simulation.world;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Keeps the faults of identity inside what any protocol could survive, by cutting links.
 *
 * <p><b>Two processes of one identity</b> (a pod deleted by force on a node that is cut off). No scheme of
 * incarnations can protect a peer that has heard only the old process: to it, the old one is the newest. So
 * the old process loses its links at the moment the image of its volume is taken, which is one at which it
 * knows nothing beyond that image. What it sent before still arrives: it stands on state that the image
 * holds. What is on its way <em>to</em> it does not: with it, the old process could complete a quorum of its
 * own fork of the volume. It is joined again with each peer whose present process has heard the new one, once
 * that peer's disk has been idle since, so that nothing the peer had accepted of the old process before is
 * acknowledged to it after. When the peer restarts, and so forgets, the link is cut again. The twin form is
 * the same but for its incarnations, which are equal: the nonce must tell.
 *
 * <p><b>A volume rolled back</b>. The member forgot what it told its peers; README §3 promises safety only
 * while a peer that remembers is alive, and whoever never heard it cannot refuse it. So the fault strikes
 * only a member that has not campaigned since the image was taken, and whose every Promise and Accepted that
 * arrived since then did so at one process, which still runs: the <em>witness</em>, which remembers all that
 * counts. Frames still on their way from the member are dropped. It reaches nobody but the witness until it
 * has gone FAULTY, or the two have talked so much that the witness must believe it: rightly, if nothing that
 * counted was forgotten; else the run fails. If the witness restarts before, the member is condemned: its
 * volume is lost for good. Having gone FAULTY, it is condemned too as soon as it crashes, because FAULTY need
 * not be durable.
 */
final class Quarantine {
    private static final int FRAMES_UNTIL_BELIEVED = 20;

    private final World world;
    private final List<Fork> forks = new ArrayList<>();
    private final List<Guard> guards = new ArrayList<>();

    /** An old process and the machine that took over its identity. */
    private static final class Fork {
        final SimMachine old;
        final SimMachine heir;
        final long sinceNanos;
        /** Run of the process on each machine that has heard the heir; 0 for none. */
        int[] heard = new int[0];
        /** Whether that machine's disk has been idle since. */
        boolean[] settled = new boolean[0];

        Fork(SimMachine old, SimMachine heir, long sinceNanos) {
            this.old = old;
            this.heir = heir;
            this.sinceNanos = sinceNanos;
        }

        void hear(SimMachine peer) {
            if (peer.index() >= heard.length) {
                heard = Arrays.copyOf(heard, peer.index() + 8);
                settled = Arrays.copyOf(settled, heard.length);
            }
            if (heard[peer.index()] != peer.run()) {
                heard[peer.index()] = peer.run();
                settled[peer.index()] = false;
            }
        }

        boolean isJoinedWith(SimMachine peer) {
            if (peer.index() >= heard.length || peer.process() == null || heard[peer.index()] != peer.run()) {
                return false;
            }
            settled[peer.index()] |= peer.diskIsIdle();
            return settled[peer.index()];
        }
    }

    /** A member whose volume was rolled back, and the peer that remembers. */
    private static final class Guard {
        final SimMachine member;
        final SimMachine witness;
        final int witnessRun;
        final boolean mustBeRefused;
        long heardNanos = Long.MAX_VALUE;
        int answers;

        Guard(SimMachine member, SimMachine witness, boolean mustBeRefused) {
            this.mustBeRefused = mustBeRefused;
            this.member = member;
            this.witness = witness;
            this.witnessRun = witness.run();
        }
    }

    Quarantine(World world) {
        this.world = world;
    }

    /** {@code heir} holds the identity of {@code old} from now on. */
    void fork(SimMachine old, SimMachine heir) {
        forks.add(new Fork(old, heir, world.nowNanos()));
    }

    /**
     * {@code member} comes back with an old image of its volume.
     *
     * @param mustBeRefused whether the witness, as leader, counted on what the member forgot
     */
    void guard(SimMachine member, SimMachine witness, boolean mustBeRefused) {
        guards.add(new Guard(member, witness, mustBeRefused));
    }

    /** Whether any rule holds for the machine's identity. */
    boolean concerns(SimMachine machine) {
        for (Fork fork : forks) {
            if (fork.old == machine || fork.heir == machine) {
                return true;
            }
        }
        for (Guard guard : guards) {
            if (guard.member == machine) {
                return true;
            }
        }
        return false;
    }

    /** Whether a frame sent at {@code sentNanos} must not arrive now. */
    boolean blocks(SimMachine from, SimMachine to, long sentNanos) {
        if (sentNanos <= from.forgottenNanos()) {
            return true;
        }
        for (int i = 0; i < forks.size(); i++) {
            Fork fork = forks.get(i);
            if (fork.old == from && sentNanos > fork.sinceNanos && !fork.isJoinedWith(to)) {
                return true;
            }
            if (fork.old == to && !fork.isJoinedWith(from)) {
                return true;
            }
        }
        for (int i = 0; i < guards.size(); i++) {
            Guard guard = guards.get(i);
            if (guard.member == from && guard.witness != to || guard.member == to && guard.witness != from) {
                return true;
            }
        }
        return false;
    }

    /** A frame is being handed to the process on {@code to}. */
    void delivered(SimMachine from, SimMachine to, long sentNanos) {
        for (int i = 0; i < forks.size(); i++) {
            Fork fork = forks.get(i);
            if (fork.heir == from) {
                fork.hear(to);
            }
        }
        for (int i = 0; i < guards.size(); i++) {
            Guard guard = guards.get(i);
            if (guard.member == from && guard.witness == to) {
                guard.heardNanos = Math.min(guard.heardNanos, world.nowNanos());
            } else if (guard.member == to && guard.witness == from && sentNanos > guard.heardNanos) {
                guard.answers++;
            }
        }
    }

    /** Lifts guards that have served; called after each step of a member under one. */
    void review(SimMachine machine) {
        for (int i = guards.size() - 1; i >= 0; i--) {
            Guard guard = guards.get(i);
            if (guard.member != machine) {
                continue;
            }
            if (machine.isFaulty()) {
                world.count(Consequence.ROLLED_BACK_MEMBER_REFUSED);
                machine.condemnAtNextCrash();
                guards.remove(i);
            } else if (guard.answers > FRAMES_UNTIL_BELIEVED && guard.mustBeRefused) {
                throw new RunFailed("forgotten",
                        "machine " + machine.index() + " was rolled back and forgot what the leader on "
                                + "machine " + guard.witness.index()
                                + " had counted on, but was not refused");
            } else if (guard.answers > FRAMES_UNTIL_BELIEVED) {
                world.count(Consequence.ROLLED_BACK_MEMBER_BELIEVED);
                guards.remove(i);
            }
        }
    }

    /** Whether any guard stands, so that {@link #review} is worth a call. */
    boolean hasGuards() {
        return !guards.isEmpty();
    }

    /** The process on {@code machine} ended: a witness that forgets condemns whom it was to refuse. */
    void processEnded(SimMachine machine) {
        List<SimMachine> condemned = new ArrayList<>();
        for (Guard guard : guards) {
            if (guard.witness == machine && guard.witnessRun == machine.run()) {
                condemned.add(guard.member);
            }
        }
        guards.removeIf(guard -> condemned.contains(guard.member));
        for (SimMachine member : condemned) {
            world.count(Consequence.ROLLED_BACK_MEMBER_CONDEMNED);
            member.condemn();
        }
    }

    /** The machine is gone for good. */
    void removed(SimMachine machine) {
        // What the old process sent stays cut off, above all from a peer that forgot the new one since.
        if (forks.removeIf(fork -> fork.old == machine)) {
            machine.forgetFrames(world.nowNanos());
        }
        guards.removeIf(guard -> guard.member == machine);
    }
}
