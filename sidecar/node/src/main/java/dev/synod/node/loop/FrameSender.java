package dev.synod.node.loop;

import dev.synod.paxos.Configuration;
import java.util.UUID;

/** Where frames leave. On the event loop. */
public interface FrameSender {
    /**
     * Sends a frame, or loses it; never blocks.
     *
     * @param bulk whether it belongs on the connection for snapshots
     */
    void send(UUID to, byte[] frame, boolean bulk);

    /** Who belongs to the cluster from now on, and where they are. */
    void configured(UUID cluster, UUID self, Configuration configuration);

    /** The member is FAULTY or ends: every link is closed, which peers notice at once, and none is taken. */
    void silence();
}
