package dev.synod.simulation.report;

import dev.synod.paxos.Codec;
import dev.synod.paxos.Entry;
import dev.synod.paxos.Envelope;
import dev.synod.paxos.Message;
import dev.synod.paxos.Payload;
import dev.synod.paxos.SnapshotRef;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a frame says, in a few words: {@code Accept 0.3.2 s1 14..15 d12}. */
public final class FrameText {
    private FrameText() {}

    /** The words for {@code frame}. */
    public static String of(byte[] frame) {
        Envelope envelope = Codec.decode(frame);
        return envelope == null ? "damaged frame of " + frame.length + " bytes" : of(envelope.message());
    }

    private static String of(Message message) {
        return switch (message) {
            case Message.Probe m -> "Probe #" + m.id();
            case Message.ProbeReply m ->
                    "ProbeReply #" + m.id() + (m.granted() ? " yes" : " no") + " base " + m.base();
            case Message.Prepare m ->
                    "Prepare " + m.ballot() + " a " + m.accepted() + " last " + m.last() + " d" + m.decided()
                            + (m.suffixFrom() > 0 ? " wants " + m.suffixFrom() + ".." : "")
                            + (m.transferredBy() == null ? "" : " by " + m.transferredBy());
            case Message.Promise m ->
                    "Promise " + m.ballot() + " a " + m.accepted() + " last " + m.last() + " d" + m.decided()
                            + " base " + m.base() + entries(m.suffix()) + snapshot(m.snapshot());
            case Message.Nack m -> "Nack " + m.refused() + ", promised " + m.promised();
            case Message.Sync m ->
                    "Sync " + m.ballot() + " s" + m.stream() + " from " + m.from() + " through " + m.through()
                            + entries(m.entries()) + snapshot(m.snapshot()) + " d" + m.decided();
            case Message.Accept m -> "Accept " + m.ballot() + " s" + m.stream() + " after " + m.previous()
                    + entries(m.entries()) + " d" + m.decided();
            case Message.Accepted m -> "Accepted " + m.ballot() + " s" + m.stream() + " up to " + m.upTo();
            case Message.Heartbeat m ->
                    "Heartbeat " + m.ballot() + " r" + m.readSequence() + " d" + m.decided() + " s"
                            + m.stream() + " sent " + m.sent();
            case Message.HeartbeatAck m -> "HeartbeatAck " + m.ballot() + " r" + m.readSequence();
            case Message.PrepareRequest m -> "PrepareRequest " + m.ballot();
            case Message.Fetch m -> "Fetch from " + m.from() + (m.blank() ? ", blank" : "");
            case Message.LogChunk m -> "LogChunk" + entries(m.entries()) + " d" + m.decided();
            case Message.SnapshotOffer m -> "SnapshotOffer" + snapshot(m.snapshot());
            case Message.ChunkRequest m -> "ChunkRequest" + snapshot(m.snapshot()) + " at " + m.offsetBytes();
            case Message.Chunk m ->
                    "Chunk" + snapshot(m.snapshot()) + " at " + m.offsetBytes() + ", " + m.data();
            case Message.Transfer m -> "Transfer " + m.ballot();
            case Message.ReadRequest m -> "ReadRequest #" + m.id();
            case Message.ReadReply m -> "ReadReply #" + m.id() + " index " + m.index();
            case Message.Sealed m ->
                    "Sealed epoch " + m.next().epoch() + (m.established() ? " established" : "")
                            + (m.campaign() ? " campaign" : "");
            case Message.Refused m ->
                    "Refused, known is incarnation " + m.incarnation() + ", promised " + m.promised()
                            + ", accepted " + m.accepted() + " up to " + m.index();
        };
    }

    private static String entries(List<Entry> entries) {
        if (entries.isEmpty()) {
            return "";
        }
        StringBuilder text = new StringBuilder(" [").append(entries.getFirst().index());
        if (entries.size() > 1) {
            text.append("..").append(entries.getLast().index());
        }
        for (Entry entry : entries) {
            String special = special(entry.payload());
            if (special != null) {
                text.append(' ').append(special).append('@').append(entry.index());
            }
        }
        return text.append(']').toString();
    }

    private static @Nullable String special(Payload payload) {
        return switch (payload) {
            case Payload.LeaderStart start -> "LeaderStart";
            case Payload.StopSign stop -> "StopSign";
            case Payload.AddObserver add -> "AddObserver";
            case Payload.RemoveObserver remove -> "RemoveObserver";
            case Payload.Command command -> null;
        };
    }

    private static String snapshot(@Nullable SnapshotRef snapshot) {
        return snapshot == null ? "" : " snapshot@" + snapshot.index();
    }
}
