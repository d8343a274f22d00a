package dev.synod.node.api;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Things that are to be said in the order in which they came up, though some have to look something up first.
 */
final class Turns {
    private CompletableFuture<Boolean> last = CompletableFuture.completedFuture(true);

    /** Says something once {@code value}, which never fails, is there and all before it was said. */
    <T> void then(CompletableFuture<T> value, Consumer<T> say) {
        last = last.thenCombine(value, (before, found) -> {
            try {
                say.accept(found);
            } catch (RuntimeException e) {
                Defect.report(e);
            }
            return before;
        });
    }

    /** Says something once all before it was said. */
    void then(Runnable say) {
        then(CompletableFuture.completedFuture(Boolean.TRUE), always -> say.run());
    }
}
