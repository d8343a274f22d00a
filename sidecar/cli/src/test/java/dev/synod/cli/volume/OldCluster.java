package dev.synod.cli.volume;

import dev.synod.paxos.Ballot;
import dev.synod.paxos.Bytes;
import dev.synod.paxos.Configuration;
import dev.synod.paxos.Defects;
import dev.synod.paxos.Entry;
import dev.synod.paxos.Payload;
import dev.synod.paxos.Recovered;
import dev.synod.paxos.Seal;
import dev.synod.paxos.Snapshot;
import dev.synod.paxos.WalRecord;
import dev.synod.state.Applied;
import dev.synod.state.Command;
import dev.synod.state.CommandCodec;
import dev.synod.state.LockMode;
import dev.synod.state.Reply;
import dev.synod.state.Request;
import dev.synod.state.Restore;
import dev.synod.state.StateMachine;
import dev.synod.storage.BackupFile;
import dev.synod.storage.FileDisk;
import dev.synod.storage.Volume;
import dev.synod.storage.VolumeLimits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** One member of a cluster of three, on a real volume, that grants one lock after the other. */
final class OldCluster {
    static final UUID ID = new UUID(1, 1);
    static final UUID MEMBER = new UUID(1, 2);
    static final Configuration CONFIGURATION = Configuration.initial(
            List.of(MEMBER, new UUID(1, 3), new UUID(1, 4)), List.of("a:1", "b:1", "c:1"));

    private static final Ballot BALLOT = new Ballot(0, 1, 1);

    private final StateMachine state = new StateMachine(ID);
    private final List<Bytes> commands = new ArrayList<>();
    private final List<Long> tokens = new ArrayList<>();
    private long session;

    /** Grants {@code count} locks, one after the other. */
    OldCluster grant(int count) {
        if (session == 0) {
            Reply reply = apply(new Command.OpenSession(10_000, "old", List.of(), Bytes.of(new byte[32])));
            session = ((Reply.Attached) reply).session();
        }
        for (int i = 0; i < count; i++) {
            tokens.add(token(state, session, tokens.size()));
            commands.add(acquire(session, tokens.size() - 1));
        }
        return this;
    }

    private Reply apply(Command command) {
        Bytes bytes = CommandCodec.encode(command);
        commands.add(bytes);
        Applied applied = state.apply(state.appliedIndex() + 1, bytes);
        return applied.reply();
    }

    private static Bytes acquire(long session, int number) {
        return CommandCodec.encode(new Command.AcquireLock(new Request(session, 0, 0), "lock-" + number, "o",
                LockMode.EXCLUSIVE, 1, false));
    }

    private static long token(StateMachine state, long session, int number) {
        Reply reply = state.apply(state.appliedIndex() + 1, acquire(session, number)).reply();
        return ((Reply.Granted) reply).token();
    }

    List<Long> tokens() {
        return tokens;
    }

    long session() {
        return session;
    }

    StateMachine state() {
        return state;
    }

    /** Writes the member's volume, with a snapshot after entry {@code snapshotAt} unless that is 0. */
    void writeTo(Path folder, int snapshotAt) throws Exception {
        try (FileDisk disk = FileDisk.open(folder);
                Volume volume = Volume.open(disk, Defects.NONE, VolumeLimits.DEFAULT)) {
            volume.format(ID, MEMBER, CONFIGURATION, true);
            volume.recover(1);
            volume.append(List.of(new WalRecord.Adopted(BALLOT, 0, 0)));
            volume.sync();
            StateMachine replayed = new StateMachine(ID);
            for (int i = 1; i <= commands.size(); i++) {
                Bytes command = commands.get(i - 1);
                volume.append(List.of(
                        new WalRecord.Appended(new Entry(i, BALLOT, new Payload.Command(command)))));
                volume.sync();
                replayed.apply(i, command);
                if (i == snapshotAt) {
                    Snapshot snapshot = volume.writeSnapshot(i, CONFIGURATION, Seal.NONE, bytes(replayed));
                    volume.append(List.of(new WalRecord.SnapshotTaken(snapshot, i)));
                    volume.sync();
                }
            }
            volume.seal();
        }
    }

    void backUpTo(Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            BackupFile backup = new BackupFile(out);
            byte[] bytes = bytes(state);
            byte[] header = BackupFile
                    .header(ID, state.appliedIndex(), bytes.length, CONFIGURATION, Seal.NONE).array();
            backup.write(header, 0, header.length);
            backup.write(bytes, 0, bytes.length);
            backup.seal();
        }
    }

    private static byte[] bytes(StateMachine state) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        state.capture().writeTo(chunk -> out.writeBytes(chunk.array()));
        return out.toByteArray();
    }

    /** Starts the member of a volume by itself, and applies everything that it holds decided. */
    static StateMachine start(Path folder) throws Exception {
        try (FileDisk disk = FileDisk.open(folder);
                Volume volume = Volume.open(disk, Defects.NONE, VolumeLimits.DEFAULT)) {
            Recovered recovered = volume.recover(1);
            if (recovered.fault() != null) {
                throw new IllegalStateException(recovered.fault());
            }
            Snapshot snapshot = recovered.snapshot();
            StateMachine state = new StateMachine(recovered.cluster());
            if (snapshot != null) {
                byte[] bytes = volume.readSnapshotState(snapshot);
                Restore restore = new Restore();
                restore.accept(bytes, 0, bytes.length);
                state = restore.finish();
            }
            for (Entry entry : recovered.log()) {
                if (entry.index() > state.appliedIndex() && entry.index() <= recovered.decided()) {
                    if (entry.payload() instanceof Payload.Command command) {
                        state.apply(entry.index(), command.body());
                    } else {
                        state.skip(entry.index());
                    }
                }
            }
            return state;
        }
    }

    /** The token of one more grant. */
    static long nextToken(StateMachine state, long session) {
        return token(state, session, 1_000_000);
    }
}
