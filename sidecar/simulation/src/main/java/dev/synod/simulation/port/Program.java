package dev.synod.simulation.port;

import java.util.UUID;

/**
 * What a machine runs: one process of a member. The world calls it from one thread, one call at a time, and
 * knows nothing of what goes on inside.
 *
 * <p>Any call may end in a crash: the world throws through it from a disk operation or from a call of
 * {@link Machine}. The program must let that pass and is never called again, except for {@link #view()}.
 * Whatever else it throws fails the run.
 */
public interface Program {
    /** The process starts on its machine's volume. Called once, before anything else. */
    void start();

    /**
     * A frame arrived from a peer: possibly late, twice, or damaged.
     *
     * @param from what the connection says of the sender; the frame itself may say otherwise
     * @param frame not to be changed
     */
    void received(UUID from, byte[] frame);

    /** The connection from {@code peer} was closed by the other end. */
    void linkClosed(UUID peer);

    /** The time asked for by {@link Machine#wakeAt} has come. */
    void wake();

    /**
     * A client asks something, over a connection that loses nothing but may be closed. Answered by
     * {@link Machine#reply}; a client may repeat a request with the same number, here or elsewhere.
     */
    void request(long client, long request, byte[] body);

    /** The operator asks something. Answered by {@link Machine#answer}, in any order, or never. */
    void admin(long id, Admin command);

    /**
     * State for oracles, live: what is read holds until the next call. After a crash, what the process last
     * knew.
     */
    ProgramView view();
}
