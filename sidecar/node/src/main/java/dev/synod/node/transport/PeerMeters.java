package dev.synod.node.transport;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** What is counted of the links with one peer. */
final class PeerMeters {
    private final MeterRegistry registry;
    private final List<Meter> registered = new ArrayList<>();
    private final Counter framesOut;
    private final Counter bytesOut;
    private final Counter framesIn;
    private final Counter bytesIn;
    private final Counter dropped;

    PeerMeters(MeterRegistry registry, UUID peer) {
        this.registry = registry;
        this.framesOut = counter("synod.peer.frames.sent", "frames handed to the connection", peer);
        this.bytesOut = counter("synod.peer.bytes.sent", "bytes of frames handed to the connection", peer);
        this.framesIn = counter("synod.peer.frames.received", "frames received", peer);
        this.bytesIn = counter("synod.peer.bytes.received", "bytes of frames received", peer);
        this.dropped = counter("synod.peer.frames.dropped",
                "frames dropped because the peer was slow or away", peer);
    }

    private Counter counter(String name, String description, UUID peer) {
        Counter counter = Counter.builder(name).description(description).tag("peer", peer.toString())
                .register(registry);
        registered.add(counter);
        return counter;
    }

    void sent(int bytes) {
        framesOut.increment();
        bytesOut.increment(bytes);
    }

    void received(int bytes) {
        framesIn.increment();
        bytesIn.increment(bytes);
    }

    void dropped() {
        dropped.increment();
    }

    long droppedSoFar() {
        return (long) dropped.count();
    }

    void remove() {
        registered.forEach(registry::remove);
    }
}
