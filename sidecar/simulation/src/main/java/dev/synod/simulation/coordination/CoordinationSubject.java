package dev.synod.simulation.coordination;

import dev.synod.member.FrameTypes;
import dev.synod.paxos.Codec;
import dev.synod.paxos.Defects;
import dev.synod.paxos.SeededRandom;
import dev.synod.simulation.check.ConsensusOracle;
import dev.synod.simulation.check.ElectionOracle;
import dev.synod.simulation.check.FrameOracle;
import dev.synod.simulation.check.IncarnationOracle;
import dev.synod.simulation.driver.Effect;
import dev.synod.simulation.driver.Failpoint;
import dev.synod.simulation.port.Knob;
import dev.synod.simulation.port.Knobs;
import dev.synod.simulation.port.Machine;
import dev.synod.simulation.port.Oracle;
import dev.synod.simulation.port.Program;
import dev.synod.simulation.port.Subject;
import dev.synod.simulation.port.Workload;
import java.util.ArrayList;
import java.util.List;

/** Puts the whole member, with sessions, claims, values and watches, to the test. */
public final class CoordinationSubject implements Subject {
    private static final String DAMAGED = "damaged";
    private static final List<String> VOUCHING = List.of("Promise", "Accepted");
    /** Parts per million that wild clocks are off. */
    private static final long WILD = 200_000;
    /** Applications wait for locks; so that as much is asked as of registers, more is offered. */
    private static final long LOAD_PER_CENT = 190;
    /** Seen by the members, the applications and the oracles of any large batch. */
    private static final List<String> SEEN = List.of(
            "application hung up", "application left", "grant given back", "session moves",
            GuaranteeOracle.BELIEFS, GuaranteeOracle.OVERLAP_BEYOND,
            "claim Granted", "claim Left", "claim Queued", "claim lost by BROKEN",
            "claim lost by TRANSFERRED", "failed BUSY", "failed CLAIM_LOST", "failed NO_LEADER",
            "failed SESSION_NOT_ATTACHED", "failed UNAVAILABLE", "failed WAIT_TIMED_OUT", "may read",
            "refused FENCING_TOKEN_STALE", "refused LOCK_NOT_HELD", "refused NOT_LEADER",
            "refused SESSION_ENDED", "reply Attached", "reply Busy", "reply Committed", "reply Done",
            "reply Granted", "session ACTIVE", "session EXPIRED", "session JEOPARDY", "session MOVED",
            "session SUSPENDED", "watch Bookmark", "watch Changes", "watch Ended", "watch Started");

    @Override
    public Knobs draw(long seed) {
        Knobs drawn = Knobs.draw(seed);
        Knobs knobs = drawn.with(Knob.OFFERED, drawn.get(Knob.OFFERED) * LOAD_PER_CENT / 100);
        return knobs.isOn(Knob.WILD_CLOCKS) ? wild(knobs) : knobs;
    }

    /**
     * Clocks far off, nothing allowed for that, members often cut off for longer than a session lives, and
     * applications that stay with them and want the same lock.
     */
    private static Knobs wild(Knobs knobs) {
        return knobs.with(Knob.CLOCK_DRIFT, WILD)
                .with(Knob.RHO, 0)
                .with(Knob.MARGIN, 0)
                .with(Knob.KEYS, 1)
                .with(Knob.CLIENTS, Math.max(knobs.get(Knob.CLIENTS), 6))
                .with(Knob.CLIENT_TIMEOUT, Math.max(knobs.get(Knob.CLIENT_TIMEOUT), 6_000_000_000L))
                .with(Knob.SESSION_TTL, Math.min(knobs.get(Knob.SESSION_TTL), 2_000_000_000L))
                .with(Knob.PARTITIONS, Math.max(knobs.get(Knob.PARTITIONS), 6_000))
                .with(Knob.PARTITION_TIME, Math.max(knobs.get(Knob.PARTITION_TIME), 5_000_000_000L));
    }

    @Override
    public Program program(Machine machine, Knobs knobs, Defects defects) {
        return new CoordinationMember(machine, knobs, defects);
    }

    @Override
    public Workload workload(Knobs knobs, SeededRandom random) {
        return new CoordinationWorkload(knobs, random);
    }

    @Override
    public List<Oracle> oracles(Knobs knobs, Defects defects) {
        ConsensusOracle consensus = new ConsensusOracle();
        return List.of(
                consensus,
                new OfProtocol(new FrameOracle(consensus)),
                new OfProtocol(new IncarnationOracle(false)),
                new ElectionOracle(),
                new GuaranteeOracle(consensus.chosen()),
                new AnswersOracle(consensus));
    }

    @Override
    public String frameType(byte[] frame) {
        String ofMember = FrameTypes.nameOf(frame);
        if (ofMember != null) {
            return ofMember;
        }
        int type = Codec.typeOf(frame);
        return type < 0 ? DAMAGED : Codec.typeName(type);
    }

    @Override
    public List<String> frameTypes() {
        List<String> names = new ArrayList<>(FrameTypes.names());
        for (int type = 0; type < Codec.TYPES; type++) {
            names.add(Codec.typeName(type));
        }
        return names;
    }

    @Override
    public List<String> effects() {
        List<String> effects = new ArrayList<>(Effect.demanded());
        effects.addAll(SEEN);
        return effects;
    }

    @Override
    public List<String> failpoints() {
        List<String> failpoints = new ArrayList<>(Failpoint.ids());
        failpoints.add(CoordinationMember.GATHER_EVENTS);
        return failpoints;
    }

    @Override
    public boolean introduces(byte[] frame) {
        return FrameTypes.nameOf(frame) == null;
    }

    @Override
    public boolean vouches(byte[] frame) {
        return VOUCHING.contains(frameType(frame));
    }
}
