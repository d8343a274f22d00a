package dev.synod.simulation.check;

import dev.synod.simulation.check.RegisterModel.Input;
import dev.synod.simulation.check.RegisterModel.Output;
import dev.synod.simulation.check.RegisterModel.State;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Linearizability by definition: tries every order of a short history, with no cleverness to get wrong. */
final class EveryOrder {
    private EveryOrder() {}

    static boolean explains(List<Operation<Input, Output>> history) {
        return explains(history, new boolean[history.size()], State.NEW);
    }

    private static boolean explains(List<Operation<Input, Output>> history, boolean[] placed, State state) {
        boolean complete = true;
        for (int i = 0; i < history.size(); i++) {
            complete &= placed[i] || history.get(i).output() == null;
        }
        if (complete) {
            return true;
        }
        for (int i = 0; i < history.size(); i++) {
            if (placed[i] || mustWait(history, placed, i)) {
                continue;
            }
            @Nullable
            State after = RegisterModel.INSTANCE.step(
                    state, history.get(i).input(), history.get(i).output());
            if (after != null) {
                placed[i] = true;
                boolean found = explains(history, placed, after);
                placed[i] = false;
                if (found) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether another operation that is not placed returned before this one was called. */
    private static boolean mustWait(List<Operation<Input, Output>> history, boolean[] placed, int index) {
        for (int j = 0; j < history.size(); j++) {
            if (!placed[j] && history.get(j).returnedAt() < history.get(index).calledAt()) {
                return true;
            }
        }
        return false;
    }
}
