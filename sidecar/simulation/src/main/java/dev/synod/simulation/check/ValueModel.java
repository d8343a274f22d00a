package dev.synod.simulation.check;

import org.jspecify.annotations.Nullable;

/** One key of the values: put, swapped, deleted and read, with the revision of its last change. */
public final class ValueModel implements Model<ValueModel.Input, ValueModel.Output, ValueModel.State> {
    /** The only instance needed. */
    public static final ValueModel INSTANCE = new ValueModel();

    private static final State ABSENT = new State("", 0);

    private ValueModel() {}

    /** What can be asked. */
    public enum Kind {
        /** Sets the value. */
        PUT,
        /** Sets the value if the key was last changed at the revision expected; 0: is not there. */
        SWAP,
        /** Deletes the key. */
        DELETE,
        /** Changes nothing. */
        READ
    }

    /**
     * What is asked.
     *
     * @param value to be set; empty when none is
     * @param expected the revision that a swap expects
     */
    public record Input(Kind kind, String key, String value, long expected) {}

    /**
     * What is answered.
     *
     * @param done false only when a swap found another revision, or there was nothing to delete
     * @param revision of a change, its own; of a read, that of the key's last change, 0 when it is not there
     * @param value what a read found; empty when the key is not there
     */
    public record Output(boolean done, long revision, String value) {}

    /**
     * State of the key.
     *
     * @param value empty when it is not there
     * @param revision of its last change; 0 when it is not there
     */
    public record State(String value, long revision) {}

    @Override
    public State initial() {
        return ABSENT;
    }

    @Override
    public boolean changes(Input input) {
        return input.kind() != Kind.READ;
    }

    @Override
    public @Nullable State step(State state, Input input, @Nullable Output output) {
        boolean there = state.revision() != 0;
        if (input.kind() == Kind.READ) {
            boolean right = output == null
                    || (output.value().equals(state.value()) && agree(state, output.revision()));
            return right ? told(state, output) : null;
        }
        boolean applies = switch (input.kind()) {
            case SWAP -> state.revision() == input.expected() || state.revision() == ClaimModel.UNTOLD;
            case DELETE -> there;
            default -> true;
        };
        boolean may = output == null || output.done() == applies
                || (state.revision() == ClaimModel.UNTOLD && input.kind() == Kind.SWAP);
        boolean carriedOut = output == null ? applies : output.done();
        if (!may || (output != null && carriedOut && output.revision() <= state.revision())) {
            return null;
        }
        if (!carriedOut) {
            return state;
        }
        if (input.kind() == Kind.DELETE) {
            return ABSENT;
        }
        return new State(input.value(), output == null ? ClaimModel.UNTOLD : output.revision());
    }

    private static boolean agree(State state, long revision) {
        return state.revision() == ClaimModel.UNTOLD ? revision > 0 : revision == state.revision();
    }

    private static State told(State state, @Nullable Output output) {
        return output == null ? state : new State(state.value(), output.revision());
    }
}
