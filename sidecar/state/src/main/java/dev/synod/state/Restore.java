package dev.synod.state;

import dev.synod.paxos.ByteReader;
import dev.synod.paxos.ByteWriter;
import dev.synod.paxos.Defects;
import dev.synod.paxos.MalformedException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Builds a state from the stream of a {@link Snapshot}, cut into chunks in whatever way. It refuses a stream
 * that is damaged, out of order, incomplete, or of a state that cannot be; and whatever it takes, it would
 * write again byte by byte.
 *
 * <p>For one thread. After a {@link MalformedException} it is of no more use.
 */
public final class Restore {
    /** Longest frame: the reply of a commit with as much found as is allowed, and room. */
    private static final int FRAME_BYTES_MAX = 4 << 20;

    private final StateMachine state;
    private final ByteWriter pending = new ByteWriter(Snapshot.CHUNK_BYTES);
    private Element.@Nullable Header header;
    private Element.@Nullable Place last;
    private long elements;
    private boolean ended;

    /** A state of which nothing is known yet. */
    public Restore() {
        this(Defects.NONE);
    }

    /**
     * The same, with planted bugs.
     *
     * @param defects {@link Defects#NONE} in production
     */
    public Restore(Defects defects) {
        state = new StateMachine(new UUID(0, 0), defects);
    }

    /**
     * Takes {@code length} bytes of {@code chunk} from {@code from}.
     *
     * @throws MalformedException when they cannot be what comes next
     */
    public void accept(byte[] chunk, int from, int length) {
        pending.writeBytes(chunk, from, length);
        var reader = new ByteReader(pending.array(), 0, pending.size());
        int consumed = 0;
        while (reader.remaining() >= Integer.BYTES) {
            int frameBytes = reader.readInt();
            if (frameBytes < 1 || frameBytes > FRAME_BYTES_MAX) {
                throw new MalformedException("a frame of " + frameBytes + " bytes");
            }
            if (frameBytes > reader.remaining()) {
                break;
            }
            int at = reader.position();
            acceptFrame(new ByteReader(reader.readBytes(frameBytes).array()));
            consumed = at + frameBytes;
        }
        keepFrom(consumed);
    }

    private void keepFrom(int consumed) {
        int left = pending.size() - consumed;
        byte[] array = pending.array();
        pending.clear();
        if (left > 0) {
            pending.writeBytes(array, consumed, left);
        }
    }

    private void acceptFrame(ByteReader reader) {
        if (ended) {
            throw new MalformedException("more after the end");
        }
        int type = reader.readByte();
        if (header == null) {
            acceptHeader(ElementCodec.read(reader, type));
        } else if (type == Snapshot.END) {
            acceptEnd(reader);
        } else {
            acceptElement(ElementCodec.read(reader, type));
        }
        reader.expectEnd();
    }

    private void acceptHeader(Element element) {
        if (!(element instanceof Element.Header first)) {
            throw new MalformedException("no header");
        }
        if (first.index() < 0 || first.revision() < 1 || first.compacted() < 0
                || first.compacted() > first.revision() || first.nextSession() < 1) {
            throw new MalformedException("a header of numbers that cannot be");
        }
        header = first;
        state.restore(first);
    }

    private void acceptElement(Element element) {
        Element.Place place = element.place();
        if (last != null && last.compareTo(place) >= 0) {
            throw new MalformedException("elements are out of order");
        }
        last = place;
        elements++;
        state.restore(element);
    }

    private void acceptEnd(ByteReader reader) {
        if (reader.readLong() != elements) {
            throw new MalformedException("elements are missing");
        }
        if (reader.readLong() != state.digest()) {
            throw new MalformedException("the digest does not match");
        }
        state.checkRestored();
        ended = true;
    }

    /**
     * The state, complete and checked.
     *
     * @throws MalformedException when the stream has not come to its end
     */
    public StateMachine finish() {
        if (!ended || pending.size() > 0) {
            throw new MalformedException("the stream is cut short");
        }
        return state;
    }
}
