package dev.synod.simulation.register;

import dev.synod.paxos.Codec;
import dev.synod.paxos.Defects;
import dev.synod.paxos.SeededRandom;
import dev.synod.simulation.check.ConsensusOracle;
import dev.synod.simulation.check.ElectionOracle;
import dev.synod.simulation.check.FrameOracle;
import dev.synod.simulation.check.HistoryOracle;
import dev.synod.simulation.check.IncarnationOracle;
import dev.synod.simulation.check.RegisterModel;
import dev.synod.simulation.check.RegisterModel.Input;
import dev.synod.simulation.driver.Effect;
import dev.synod.simulation.driver.Failpoint;
import dev.synod.simulation.port.Knobs;
import dev.synod.simulation.port.Machine;
import dev.synod.simulation.port.Oracle;
import dev.synod.simulation.port.Program;
import dev.synod.simulation.port.Subject;
import dev.synod.simulation.port.Workload;
import java.util.ArrayList;
import java.util.List;

/** Puts the consensus core over a volume, with the register state machine, to the test. */
public final class RegisterSubject implements Subject {
    private static final String DAMAGED = "damaged";
    private static final List<String> VOUCHING = List.of("Promise", "Accepted");

    @Override
    public Program program(Machine machine, Knobs knobs, Defects defects) {
        return new RegisterMember(machine, knobs, defects);
    }

    @Override
    public Workload workload(Knobs knobs, SeededRandom random) {
        return new RegisterWorkload(knobs, random);
    }

    @Override
    public List<Oracle> oracles(Knobs knobs, Defects defects) {
        ConsensusOracle consensus = new ConsensusOracle();
        return List.of(
                consensus,
                new FrameOracle(consensus),
                new IncarnationOracle(),
                new ElectionOracle(),
                new HistoryOracle<>(consensus, RegisterModel.INSTANCE, Input::key, new RegisterHistory()));
    }

    @Override
    public String frameType(byte[] frame) {
        int type = Codec.typeOf(frame);
        return type < 0 ? DAMAGED : Codec.typeName(type);
    }

    @Override
    public List<String> frameTypes() {
        List<String> names = new ArrayList<>();
        for (int type = 0; type < Codec.TYPES; type++) {
            names.add(Codec.typeName(type));
        }
        return names;
    }

    @Override
    public List<String> effects() {
        List<String> effects = new ArrayList<>(Effect.demanded());
        effects.addAll(List.of(RegisterMember.APPLIED, RegisterMember.READ_GRANTED,
                RegisterMember.READ_REFUSED, RegisterMember.REFUSED));
        return effects;
    }

    @Override
    public List<String> failpoints() {
        List<String> failpoints = new ArrayList<>(Failpoint.ids());
        failpoints.add(RegisterMember.SNAPSHOT_NOW);
        return failpoints;
    }

    @Override
    public boolean vouches(byte[] frame) {
        return VOUCHING.contains(frameType(frame));
    }
}
