package dev.synod.paxos;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How scripts write down what members say and store: one line each, in the words of {@link Message} and
 * {@link WalRecord}.
 */
final class Notation {
    private static final int ENTRIES_SHOWN_MAX = 8;

    private Notation() {}

    /** Members of scripts are called by the number in their UUID. */
    static String name(UUID uuid) {
        return Long.toString(uuid.getLeastSignificantBits());
    }

    static String names(List<Member> members) {
        List<String> names = new ArrayList<>();
        for (Member member : members) {
            names.add(name(member.uuid()));
        }
        return String.join(",", names);
    }

    static String configuration(Configuration configuration) {
        return "voters " + names(configuration.voters())
                + (configuration.observers().isEmpty()
                        ? ""
                        : " observers " + names(configuration.observers()));
    }

    static String seal(Seal seal) {
        return seal.index() + "/" + seal.ballot();
    }

    // ---- entries --------------------------------------------------------------------------------------

    static String command(Bytes body) {
        return new String(body.array(), StandardCharsets.UTF_8);
    }

    static String payload(Payload payload) {
        return switch (payload) {
            case Payload.LeaderStart start -> "start";
            case Payload.Command command -> command(command.body());
            case Payload.StopSign stop -> "stop(" + names(stop.next().voters()) + ")";
            case Payload.AddObserver add -> "observe(" + name(add.uuid()) + ")";
            case Payload.RemoveObserver remove -> "forget(" + name(remove.uuid()) + ")";
        };
    }

    /** {@code index:payload@ballot}. */
    static String entry(Entry entry) {
        return entry.index() + ":" + payload(entry.payload()) + "@" + entry.proposedAt();
    }

    static String entries(List<Entry> entries) {
        List<String> texts = new ArrayList<>();
        for (Entry entry : entries) {
            texts.add(entry(entry));
        }
        if (texts.size() > ENTRIES_SHOWN_MAX) {
            return "[" + texts.getFirst() + " ... " + texts.getLast() + "]";
        }
        return "[" + String.join(" ", texts) + "]";
    }

    private static String entriesIfAny(List<Entry> entries) {
        return entries.isEmpty() ? "" : " " + entries(entries);
    }

    // ---- messages -------------------------------------------------------------------------------------

    /** A whole message; beyond the first epoch with the epoch of its sender, and where that began. */
    static String message(Envelope envelope) {
        String text = body(envelope.message());
        if (envelope.epoch() > 0 || envelope.message() instanceof Message.Sealed) {
            text += "  | epoch " + envelope.epoch() + " after " + seal(envelope.seal());
        }
        return text;
    }

    /** The kind of a message and the ballot it is about. */
    static String kind(Message message) {
        return switch (message) {
            case Message.Prepare m -> "Prepare " + m.ballot();
            case Message.Promise m -> "Promise " + m.ballot();
            case Message.Nack m -> "Nack " + m.refused();
            case Message.Sync m -> "Sync " + m.ballot() + " stream " + m.stream();
            case Message.Accept m -> "Accept " + m.ballot() + " after " + m.previous();
            case Message.Accepted m -> "Accepted " + m.ballot() + " up to " + m.upTo();
            case Message.Heartbeat m -> "Heartbeat " + m.ballot();
            case Message.HeartbeatAck m -> "HeartbeatAck " + m.ballot();
            case Message.PrepareRequest m -> "PrepareRequest " + m.ballot();
            case Message.Transfer m -> "Transfer " + m.ballot();
            default -> message.getClass().getSimpleName();
        };
    }

    private static String body(Message message) {
        return switch (message) {
            case Message.Probe m -> "Probe " + m.id();
            case Message.ProbeReply m ->
                    "ProbeReply " + m.id() + (m.granted() ? " yes" : " no") + " base " + m.base();
            case Message.Prepare m -> prepare(m);
            case Message.Promise m -> promise(m);
            case Message.Nack m -> "Nack " + m.refused() + " promised " + m.promised();
            case Message.Sync m -> sync(m);
            case Message.Accept m ->
                    "Accept " + m.ballot() + " stream " + m.stream() + " after " + m.previous() + " decided "
                            + m.decided()
                            + entriesIfAny(m.entries());
            case Message.Accepted m ->
                    "Accepted " + m.ballot() + " stream " + m.stream() + " up to " + m.upTo();
            case Message.Heartbeat m ->
                    "Heartbeat " + m.ballot() + " read " + m.readSequence() + " decided " + m.decided()
                            + " stream "
                            + m.stream() + " sent " + m.sent();
            case Message.HeartbeatAck m -> "HeartbeatAck " + m.ballot() + " read " + m.readSequence();
            case Message.PrepareRequest m -> "PrepareRequest " + m.ballot();
            case Message.Fetch m -> "Fetch from " + m.from() + (m.blank() ? " blank" : "");
            case Message.LogChunk m -> "LogChunk decided " + m.decided() + entriesIfAny(m.entries());
            case Message.SnapshotOffer m -> "SnapshotOffer " + snapshot(m.snapshot());
            case Message.ChunkRequest m ->
                    "ChunkRequest " + snapshot(m.snapshot()) + " at " + m.offsetBytes();
            case Message.Chunk m ->
                    "Chunk " + snapshot(m.snapshot()) + " at " + m.offsetBytes() + ", " + m.data().length()
                            + " bytes";
            case Message.Transfer m -> "Transfer " + m.ballot();
            case Message.ReadRequest m -> "ReadRequest";
            case Message.ReadReply m -> "ReadReply" + (m.index() < 0 ? " refused" : " at " + m.index());
            case Message.Sealed m ->
                    "Sealed next " + configuration(m.next()) + (m.established() ? " established" : "")
                            + (m.campaign() ? " campaign" : "");
            case Message.Refused m ->
                    "Refused incarnation " + m.incarnation() + " nonce " + m.nonce() + " promised "
                            + m.promised() + " log "
                            + m.accepted() + "/" + m.index();
        };
    }

    private static String prepare(Message.Prepare m) {
        return "Prepare " + m.ballot() + " log " + m.accepted() + "/" + m.last() + " decided " + m.decided()
                + (m.suffixFrom() == 0 ? "" : " wants " + m.suffixFrom() + "..")
                + (m.transferredBy() == null ? "" : " handed over by " + m.transferredBy());
    }

    private static String promise(Message.Promise m) {
        return "Promise " + m.ballot() + " log " + m.accepted() + "/" + m.last() + " decided " + m.decided()
                + (m.base() == 0 ? "" : " base " + m.base())
                + snapshotIfAny(m.snapshot())
                + " stream " + m.stream()
                + entriesIfAny(m.suffix());
    }

    private static String sync(Message.Sync m) {
        return "Sync " + m.ballot() + " stream " + m.stream() + " from " + m.from()
                + snapshotIfAny(m.snapshot())
                + " through " + m.through() + " decided " + m.decided() + entriesIfAny(m.entries());
    }

    private static String snapshotIfAny(@Nullable SnapshotRef ref) {
        return ref == null ? "" : " snapshot " + snapshot(ref);
    }

    /** {@code index+lengthBytes}. */
    static String snapshot(SnapshotRef ref) {
        return ref.index() + "+" + ref.lengthBytes();
    }

    // ---- what is stored -------------------------------------------------------------------------------

    static String records(List<WalRecord> records) {
        List<String> texts = new ArrayList<>();
        for (WalRecord record : records) {
            texts.add(record(record));
        }
        return String.join(", ", texts);
    }

    private static String record(WalRecord record) {
        return switch (record) {
            case WalRecord.Promised r -> "promised " + r.ballot();
            case WalRecord.Appended r -> entry(r.entry());
            case WalRecord.Adopted r -> "adopted " + r.ballot() + " from " + r.from() + " to " + r.last();
            case WalRecord.Decided r -> "decided " + r.index();
            case WalRecord.SnapshotTaken r ->
                    "snapshot " + snapshot(r.snapshot().ref()) + " base " + r.base();
            case WalRecord.SnapshotInstalled r -> "installed " + snapshot(r.snapshot().ref());
            case WalRecord.EpochEntered r ->
                    "epoch " + r.next().epoch() + " after " + seal(r.seal()) + " last " + r.last() + " "
                            + configuration(r.next());
            case WalRecord.Activated r -> "activated";
        };
    }

    static String action(SnapshotAction action) {
        return switch (action) {
            case SnapshotAction.Begin a ->
                    "begins to receive snapshot " + snapshot(a.snapshot()) + " at " + a.offsetBytes();
            case SnapshotAction.Store a -> "stores " + a.data().length() + " bytes at " + a.offsetBytes();
            case SnapshotAction.Finish a -> "verifies snapshot " + snapshot(a.snapshot());
            case SnapshotAction.ReadChunk a ->
                    "reads snapshot " + snapshot(a.snapshot()) + " at " + a.offsetBytes() + " for "
                            + name(a.peer());
            case SnapshotAction.Take a -> "wants a snapshot taken";
            case SnapshotAction.Restore a -> "restores snapshot " + snapshot(a.snapshot().ref());
        };
    }
}
