package dev.synod.state;

import dev.synod.paxos.ByteWriter;
import dev.synod.paxos.Bytes;
import java.util.List;
import java.util.function.Consumer;

/**
 * A state at one index, to be written as a stream of bytes. Equal states give equal streams, chunk by chunk.
 *
 * <p>The stream is a sequence of frames, each a length in four bytes and a body: the header, every element in
 * the order of places, and an end with their number and the digest. {@link Restore} reads it.
 *
 * <p>It holds on to immutable pieces of the state; whatever is applied afterwards does not reach it. For one
 * thread, which need not be the one that applies.
 */
public final class Snapshot {
    /** Chunks are at least this long, but for the last; longer by less than the longest element. */
    public static final int CHUNK_BYTES = 64 << 10;

    /** In the place of an element's type: the end of the stream. */
    static final int END = 0xFF;

    private final Element.Header header;
    private final List<Element> elements;
    private final long digest;
    private int written = -1;
    private boolean ended;

    Snapshot(Element.Header header, List<Element> elements, long digest) {
        this.header = header;
        this.elements = elements;
        this.digest = digest;
    }

    /** The last entry that it holds the effect of. */
    public long index() {
        return header.index();
    }

    /** The digest of the state, as {@link StateMachine#digest()} gave it. */
    public long digest() {
        return digest;
    }

    /** Whether there is a chunk left. */
    public boolean hasNext() {
        return !ended;
    }

    /**
     * The next chunk of the stream.
     *
     * @throws IllegalStateException when there is none left
     */
    public Bytes next() {
        if (ended) {
            throw new IllegalStateException("the snapshot at " + index() + " is written out");
        }
        var writer = new ByteWriter(CHUNK_BYTES + 1_024);
        while (!ended && writer.size() < CHUNK_BYTES) {
            writeFrame(writer);
        }
        return Bytes.of(writer.toArray());
    }

    /** Writes all chunks that are left to {@code sink}. */
    public void writeTo(Consumer<Bytes> sink) {
        while (hasNext()) {
            sink.accept(next());
        }
    }

    private void writeFrame(ByteWriter writer) {
        int at = writer.size();
        writer.writeInt(0);
        if (written < 0) {
            ElementCodec.write(writer, header);
        } else if (written < elements.size()) {
            ElementCodec.write(writer, elements.get(written));
        } else {
            writer.writeByte(END);
            writer.writeLong(elements.size());
            writer.writeLong(digest);
            ended = true;
        }
        written++;
        writer.setInt(at, writer.size() - at - Integer.BYTES);
    }
}
