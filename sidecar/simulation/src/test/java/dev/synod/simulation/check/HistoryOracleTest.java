package dev.synod.simulation.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.synod.paxos.Ballot;
import dev.synod.paxos.Bytes;
import dev.synod.paxos.Entry;
import dev.synod.paxos.Payload;
import dev.synod.simulation.check.RegisterModel.Input;
import dev.synod.simulation.check.RegisterModel.Kind;
import dev.synod.simulation.check.RegisterModel.Output;
import dev.synod.simulation.check.RegisterModel.State;
import dev.synod.simulation.port.History;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Bytes of the workload: kind, argument; of a reply: value, index. The client is the same in the log and out
 * of it.
 */
class HistoryOracleTest implements HistoryReader<Input, Output> {
    private static final Ballot B1 = new Ballot(0, 1, 1);
    private static final byte[] WRITE_7 = {1, 7};
    private static final byte[] READ = {0, 0};

    private final FakeWorld world = new FakeWorld(1, 0);
    private final FakeMember only = world.member(0);
    private final HistoryOracle<Input, Output, State, Long> oracle =
            new HistoryOracle<>(world.consensus, RegisterModel.INSTANCE, Input::key, this);
    private final History history = new History();

    private static Input input(byte[] body) {
        return new Input(body[0] == 0 ? Kind.READ : Kind.WRITE, 0, body[1], 0);
    }

    @Override
    public LoggedOperation<Input, Output> operation(History.Operation operation) {
        byte[] reply = operation.reply();
        Output output = reply == null ? null : new Output(true, new State(reply[0], 0, 0));
        long returnedAt = reply == null ? Operation.NEVER : operation.completedNanos();
        return new LoggedOperation<>(
                operation.request(),
                reply == null ? 0 : reply[1],
                new Operation<>(
                        operation.client(), input(operation.body()), operation.invokedNanos(), returnedAt,
                        output));
    }

    @Override
    public @Nullable LoggedCommand<Input> command(Entry entry) {
        return entry.payload() instanceof Payload.Command command
                ? new LoggedCommand<>(entry.index(), 1, 1, input(command.body().array()))
                : null;
    }

    private void decide(byte[] command) {
        only.adopt(B1, only, only.last()).append(B1, new Payload.Command(Bytes.of(command)));
        world.step(0);
        only.sync().decide(only.last());
        world.step(0);
    }

    @Test
    void answersThatTheLogExplainsPass() {
        decide(WRITE_7);
        history.invoke(1, 1, WRITE_7, 0).done(10, new byte[] {7, 1});
        history.invoke(2, 1, READ, 20).done(30, new byte[] {7, 1});
        oracle.atEnd(history);
        assertThat(oracle.answersChecked()).isEqualTo(2);
    }

    @Test
    void aReadThatMissesWhatSomeMemberKnewDecidedIsFoundEvenIfNoClientHadItsAnswer() {
        decide(WRITE_7);
        history.invoke(1, 1, WRITE_7, 0).unknown();
        history.invoke(2, 1, READ, 20).done(30, new byte[] {0, 0});
        assertThatThrownBy(() -> oracle.atEnd(history))
                .isInstanceOf(Violation.class)
                .hasMessageContaining("I14");
    }

    @Test
    void anOperationThatFailedButIsInTheLogIsFound() {
        decide(WRITE_7);
        history.invoke(1, 1, WRITE_7, 0).failed(10);
        assertThatThrownBy(() -> oracle.atEnd(history))
                .isInstanceOf(Violation.class)
                .hasMessageContaining("said to have had no effect");
    }
}
