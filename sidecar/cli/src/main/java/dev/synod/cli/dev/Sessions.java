package dev.synod.cli.dev;

import dev.synod.client.Coordination;
import dev.synod.client.CoordinationException;
import java.util.function.BooleanSupplier;

/** What an application does once its session has ended: it says so, and opens another one. */
final class Sessions {
    private static final long PAUSE_MILLIS = 50;

    private Sessions() {}

    /**
     * Opens another session, as often as it takes; other threads of the application may have done it
     * already.
     */
    static void renew(Coordination sidecar, BooleanSupplier stopping) {
        while (!stopping.getAsBoolean()) {
            try {
                sidecar.renew();
                return;
            } catch (IllegalStateException e) {
                return; // another thread was first
            } catch (CoordinationException e) {
                pause(); // the sidecar is not there yet
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
