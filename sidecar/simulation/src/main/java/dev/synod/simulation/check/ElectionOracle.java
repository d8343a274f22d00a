package dev.synod.simulation.check;

import dev.synod.paxos.Ballot;
import dev.synod.paxos.Codec;
import dev.synod.paxos.Envelope;
import dev.synod.paxos.Message;
import dev.synod.paxos.Role;
import dev.synod.simulation.port.Oracle;
import dev.synod.simulation.port.ProgramView;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who campaigns, and who stops leading. Both rules serve liveness, so that breaking them shows late or never
 * in what is decided; here they are looked at directly.
 *
 * <ul>
 *   <li><em>probe</em>: no timer makes a voter prepare when others must agree. It prepares when a probe was
 *   granted, a leader handed over, an epoch began, or, leading, it learned of a higher promise. Else a member
 *   that is cut off in one direction burns ballots for ever (etcd's outage at Cloudflare, 2020).
 *   <li><em>step-down</em>: a leader told that a voter promised a higher ballot does not go on at its own.
 * </ul>
 */
public final class ElectionOracle implements Oracle {
    private static final int NACK = IncarnationOracle.typeNamed("Nack");
    private static final int REFUSED = IncarnationOracle.typeNamed("Refused");

    /** What is known of one machine between two steps. */
    private static final class Seat {
        Role role = Role.OBSERVER;
        int epoch;
        boolean frameDelivered;
        boolean diskWorkDone;
        @Nullable Ballot higherPromise;
        Ballot ballot = Ballot.BOTTOM;
    }

    private final List<Seat> seats = new ArrayList<>();

    private Seat seat(int machine) {
        while (seats.size() <= machine) {
            seats.add(new Seat());
        }
        return seats.get(machine);
    }

    @Override
    public void onFrameDelivered(int from, int to, byte[] frame, boolean damaged) {
        Seat seat = seat(to);
        seat.frameDelivered = true;
        if (damaged || seat.role != Role.LEADER || Codec.typeOf(frame) != NACK) {
            return;
        }
        Envelope envelope = Codec.decode(frame);
        if (envelope != null && envelope.epoch() == seat.epoch
                && envelope.message() instanceof Message.Nack nack) {
            boolean ownBallot = nack.refused().equals(seat.ballot) && seat.ballot.isBelow(nack.promised());
            seat.higherPromise = ownBallot && nack.promised().epoch() == seat.epoch ? nack.promised() : null;
        }
    }

    /** Whoever is answered with Refused has not been heard: an older process of the voter, say. */
    @Override
    public void onFrameSent(int from, @Nullable UUID sender, UUID to, byte[] frame) {
        Seat seat = seat(from);
        if (seat.higherPromise != null && Codec.typeOf(frame) == REFUSED) {
            seat.higherPromise = null;
        }
    }

    @Override
    public void onDurable(int machine, ProgramView view) {
        seat(machine).diskWorkDone = true;
        afterStep(machine, view);
    }

    @Override
    public void afterStep(int machine, ProgramView view) {
        Seat seat = seat(machine);
        Role role = view.role();
        if (role == Role.PREPARING) {
            lookAtCandidate(machine, seat, view);
        }
        Ballot told = seat.higherPromise;
        if (told != null && role == Role.LEADER && view.promised().equals(seat.ballot)) {
            throw new Violation("step-down", who(machine, view) + " goes on leading at " + seat.ballot
                    + " although it was told that a voter promised " + told);
        }
        seat.role = role;
        seat.epoch = view.epoch();
        seat.ballot = view.promised();
        seat.frameDelivered = false;
        seat.diskWorkDone = false;
        seat.higherPromise = null;
    }

    private static void lookAtCandidate(int machine, Seat seat, ProgramView view) {
        boolean newCandidacy = !view.promised().equals(seat.ballot);
        boolean byTimer = !seat.frameDelivered && !seat.diskWorkDone && seat.epoch == view.epoch();
        boolean alone = view.configuration().quorums().prepare() <= 1;
        if (newCandidacy && byTimer && !alone && seat.role != Role.LEADER) {
            throw new Violation("probe",
                    who(machine, view) + " prepares " + view.promised() + " on a timer, without a probe");
        }
    }

    @Override
    public void onStart(int machine, ProgramView view) {
        seat(machine); // grows the list
        seats.set(machine, new Seat());
        afterStep(machine, view);
    }

    private static String who(int machine, ProgramView view) {
        UUID member = view.member();
        return "member " + (member == null ? "?" : member.toString().substring(0, 8)) + " on machine "
                + machine;
    }
}
