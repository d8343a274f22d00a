package dev.synod.e2e.kubernetes;

import io.fabric8.kubernetes.api.model.Pod;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * The ways into pods: to their ports, to their processes, and to what they write. Through the API server,
 * or, where a stand-in runs them, past it.
 */
interface PodDoors {
    /** A way to one port, until it is closed. */
    interface Way extends Closeable {
        /** Where to connect to. */
        String host();

        /** Where to connect to. */
        int port();
    }

    /**
     * A way to a port.
     *
     * @throws IOException when there is none now
     */
    Way open(Pod pod, int port) throws IOException;

    /** Whether each pod has a network of its own. */
    boolean haveNetworks();

    /** The process of a container, as far as it runs on this machine. */
    Optional<ProcessHandle> process(Pod pod, String container);

    /** What the container writes, until it ends; empty when nothing can be read now. */
    Optional<InputStream> log(Pod pod, String container);

    /** What its start before this one wrote. */
    String logBefore(Pod pod, String container);
}
