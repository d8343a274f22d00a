package dev.synod.simulation.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.simulation.check.ValueModel.Input;
import dev.synod.simulation.check.ValueModel.Kind;
import dev.synod.simulation.check.ValueModel.Output;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ValueModelTest {
    private final List<Operation<Input, Output>> history = new ArrayList<>();

    private ValueModelTest add(Kind kind, String value, long expected, long at, @Nullable Output output) {
        history.add(new Operation<>(1, new Input(kind, "key", value, expected), at,
                output == null ? Operation.NEVER : at + 5, output));
        return this;
    }

    private static Output done(long revision, String value) {
        return new Output(true, revision, value);
    }

    private boolean isAccepted() {
        return new Linearizability<>(ValueModel.INSTANCE, 100_000).check(history) instanceof Verdict.Accepted;
    }

    @Test
    void whatWasPutIsReadUntilItIsDeleted() {
        add(Kind.PUT, "a", 0, 0, done(2, "")).add(Kind.READ, "", 0, 10, done(2, "a"))
                .add(Kind.DELETE, "", 0, 20, done(3, "")).add(Kind.READ, "", 0, 30, done(0, ""));
        assertThat(isAccepted()).isTrue();
        add(Kind.READ, "", 0, 40, done(2, "a"));
        assertThat(isAccepted()).isFalse();
    }

    @Test
    void aSwapGoesByTheRevision() {
        add(Kind.SWAP, "a", 0, 0, done(2, "")).add(Kind.SWAP, "b", 0, 10, new Output(false, 2, ""))
                .add(Kind.SWAP, "b", 2, 20, done(3, ""));
        assertThat(isAccepted()).isTrue();
        add(Kind.SWAP, "c", 2, 30, done(4, ""));
        assertThat(isAccepted()).isFalse();
    }

    @Test
    void revisionsRise() {
        add(Kind.PUT, "a", 0, 0, done(5, "")).add(Kind.PUT, "b", 0, 10, done(5, ""));
        assertThat(isAccepted()).isFalse();
    }

    @Test
    void aPutWithoutAnAnswerMayShowLater() {
        add(Kind.PUT, "a", 0, 0, null).add(Kind.READ, "", 0, 10, done(7, "a"))
                .add(Kind.SWAP, "b", 7, 20, done(8, ""));
        assertThat(isAccepted()).isTrue();
    }
}
