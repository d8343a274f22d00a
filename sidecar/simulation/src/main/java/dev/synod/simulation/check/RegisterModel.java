package dev.synod.simulation.check;

/**
 * One key of the workload: a register that is written, swapped and read, and a list that is appended to.
 * Every answer shows the state after the operation, so that an answer from any other place in the order is
 * told apart.
 */
public final class RegisterModel
        implements
            ExactModel<RegisterModel.Input, RegisterModel.Output, RegisterModel.State> {
    /** The only instance needed. */
    public static final RegisterModel INSTANCE = new RegisterModel();

    private RegisterModel() {}

    /** What can be asked. */
    public enum Kind {
        /** Sets the register to the argument. */
        WRITE,
        /** Sets the register to the argument if it holds what was expected. */
        CAS,
        /** Appends the argument to the list. */
        APPEND,
        /** Changes nothing. */
        READ
    }

    /**
     * One request.
     *
     * @param key the object
     * @param argument value written or appended; 0 for a read
     * @param expected what the register must hold for a swap; else 0
     */
    public record Input(Kind kind, long key, long argument, long expected) {
        @Override
        public String toString() {
            return switch (kind) {
                case WRITE -> "write(" + key + ", " + argument + ")";
                case CAS -> "cas(" + key + ", " + expected + " -> " + argument + ")";
                case APPEND -> "append(" + key + ", " + argument + ")";
                case READ -> "read(" + key + ")";
            };
        }
    }

    /**
     * One answer.
     *
     * @param done false only when a swap found something else than it expected
     * @param state of the key after the operation
     */
    public record Output(boolean done, State state) {
        @Override
        public String toString() {
            return (done ? "" : "not done, ") + state;
        }
    }

    /**
     * State of one key.
     *
     * @param value what the register holds, 0 at first
     * @param length of the list
     * @param digest of the elements of the list in their order
     */
    public record State(long value, long length, long digest) {
        /** A key that was never touched. */
        public static final State NEW = new State(0, 0, 0);

        /** The digest of a list after one more element. */
        public static long digestAfter(long digest, long element) {
            long mixed = (digest ^ element) * 0x9E3779B97F4A7C15L;
            return mixed ^ (mixed >>> 29);
        }

        @Override
        public String toString() {
            return value + " +" + length + "#" + Long.toHexString(digest & 0xFFFF);
        }
    }

    @Override
    public State initial() {
        return State.NEW;
    }

    @Override
    public Output answer(State state, Input input) {
        return new Output(input.kind() != Kind.CAS || state.value() == input.expected(), after(state, input));
    }

    @Override
    public State after(State state, Input input) {
        return switch (input.kind()) {
            case WRITE -> new State(input.argument(), state.length(), state.digest());
            case CAS ->
                    state.value() == input.expected()
                            ? new State(input.argument(), state.length(), state.digest())
                            : state;
            case APPEND ->
                    new State(state.value(), state.length() + 1,
                            State.digestAfter(state.digest(), input.argument()));
            case READ -> state;
        };
    }

    @Override
    public boolean changes(Input input) {
        return input.kind() != Kind.READ;
    }
}
