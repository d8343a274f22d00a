package dev.synod.simulation.mutants;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.synod.paxos.Bytes;
import dev.synod.paxos.Defect;
import dev.synod.paxos.Defects;
import dev.synod.simulation.check.FencedRegister;
import dev.synod.state.Command;
import dev.synod.state.CommandCodec;
import dev.synod.state.LockMode;
import dev.synod.state.Reply;
import dev.synod.state.Request;
import dev.synod.state.Restore;
import dev.synod.state.StateMachine;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** What the world does not do: a cluster that lost its quorum, and the end of its log, is recovered. */
@EnabledIfSystemProperty(named = "synod.plant-defects", matches = "true")
final class PlantedErasTest {
    private static final Bytes SECRET = Bytes.of(new byte[32]);

    private final FencedRegister store = new FencedRegister();

    private static Reply apply(StateMachine state, Command command) {
        return state.apply(state.appliedIndex() + 1, CommandCodec.encode(command)).reply();
    }

    private static StateMachine copy(StateMachine state, Defects defects) {
        Restore restore = new Restore(defects);
        state.capture().writeTo(chunk -> restore.accept(chunk.array(), 0, chunk.length()));
        return restore.finish();
    }

    /** Whoever is granted the lock writes what it guards. */
    private boolean writes(StateMachine state, long session) {
        Command acquire = new Command.AcquireLock(Request.unremembered(session), "lock", "app",
                LockMode.EXCLUSIVE, 1, false);
        Reply.Granted granted = (Reply.Granted) apply(state, acquire);
        return store.write("lock", granted.token(), "session " + session);
    }

    /** One session holds the lock in what was lost; another is granted it by what was recovered. */
    private boolean writesAfterRecovery(Defects defects) {
        StateMachine state = new StateMachine(new UUID(1, 1));
        for (int i = 0; i < 2; i++) {
            apply(state, new Command.OpenSession(1_000, "app", List.of(), SECRET));
        }
        StateMachine recovered = copy(state, defects);
        assertThat(writes(state, 1)).isTrue();
        apply(recovered, new Command.NewEra(new UUID(2, 2)));
        return writes(recovered, 2);
    }

    @Test
    void aNewEraIssuesNoTokenTwice() {
        assertThat(writesAfterRecovery(Defects.NONE)).isTrue();
    }

    @Test
    void aMissingEraIsCaught() {
        Defects planted = Defects.planted(Defect.C04_NO_NEW_ERA);
        assertThatThrownBy(() -> writesAfterRecovery(planted)).hasMessageContaining("P1");
    }
}
