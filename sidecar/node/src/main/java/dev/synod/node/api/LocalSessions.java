package dev.synod.node.api;

/** The sessions whose applications are attached to this process. On the event loop. */
public interface LocalSessions {
    /** Whether what the session holds is guaranteed at this moment, as this process knows it. */
    boolean guarantees(long session);
}
