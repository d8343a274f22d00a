package dev.synod.simulation.coordination;

import dev.synod.member.FrameTypes;
import dev.synod.simulation.port.History;
import dev.synod.simulation.port.Oracle;
import dev.synod.simulation.port.ProgramView;
import dev.synod.simulation.port.WorldFacts;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Shows an oracle of the protocol the protocol's frames only, and not those that members add to them. */
final class OfProtocol implements Oracle {
    private final Oracle oracle;

    OfProtocol(Oracle oracle) {
        this.oracle = oracle;
    }

    @Override
    public void begin(WorldFacts facts) {
        oracle.begin(facts);
    }

    @Override
    public void onFrameSent(int from, @Nullable UUID sender, UUID to, byte[] frame) {
        if (FrameTypes.nameOf(frame) == null) {
            oracle.onFrameSent(from, sender, to, frame);
        }
    }

    @Override
    public void onFrameDelivered(int from, int to, byte[] frame, boolean damaged) {
        if (FrameTypes.nameOf(frame) == null) {
            oracle.onFrameDelivered(from, to, frame, damaged);
        }
    }

    @Override
    public void onDurable(int machine, ProgramView view) {
        oracle.onDurable(machine, view);
    }

    @Override
    public void afterStep(int machine, ProgramView view) {
        oracle.afterStep(machine, view);
    }

    @Override
    public void onCrash(int machine, ProgramView view, boolean powerLost) {
        oracle.onCrash(machine, view, powerLost);
    }

    @Override
    public void onStart(int machine, ProgramView view) {
        oracle.onStart(machine, view);
    }

    @Override
    public void onHealed() {
        oracle.onHealed();
    }

    @Override
    public void atEnd(History history) {
        oracle.atEnd(history);
    }
}
