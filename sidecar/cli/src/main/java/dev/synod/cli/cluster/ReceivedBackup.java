package dev.synod.cli.cluster;

import com.google.protobuf.ByteString;
import dev.synod.admin.v1.StreamBackupResponse;
import dev.synod.cli.CommandException;
import dev.synod.cli.ExitStatus;
import dev.synod.paxos.Configuration;
import dev.synod.paxos.Seal;
import dev.synod.storage.BackupFile;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;

/** A backup that a member sent whole: its digest was compared. In memory, for a state has a quota. */
final class ReceivedBackup {
    /** Four times the quota of a state, which counts less than what is sent. */
    private static final int BYTES_MAX = 64 << 20;

    private final StreamBackupResponse.Header header;
    private final UUID cluster;
    private final List<ByteString> chunks;
    private final long bytes;

    private ReceivedBackup(StreamBackupResponse.Header header, UUID cluster, List<ByteString> chunks,
            long bytes) {
        this.header = header;
        this.cluster = cluster;
        this.chunks = chunks;
        this.bytes = bytes;
    }

    /** Receives it to the end. */
    static ReceivedBackup of(Iterator<StreamBackupResponse> stream) {
        MessageDigest digest = sha256();
        StreamBackupResponse.Header header = null;
        StreamBackupResponse.End end = null;
        List<ByteString> chunks = new ArrayList<>();
        long length = 0;
        while (stream.hasNext()) {
            StreamBackupResponse response = stream.next();
            switch (response.getContentCase()) {
                case HEADER -> header = response.getHeader();
                case CHUNK -> {
                    ByteString chunk = response.getChunk();
                    digest.update(chunk.asReadOnlyByteBuffer());
                    length += chunk.size();
                    chunks.add(chunk);
                }
                case END -> end = response.getEnd();
                case CONTENT_NOT_SET -> throw damaged("it holds something that this program does not know");
            }
            if (length > BYTES_MAX) {
                throw damaged("it has more than " + BYTES_MAX + " bytes, which no state has");
            }
        }
        if (header == null || end == null) {
            throw damaged("it broke off");
        }
        if (end.getLengthBytes() != length || !end.getSha256().equals(ByteString.copyFrom(digest.digest()))) {
            throw damaged("its " + length + " bytes are not the " + end.getLengthBytes() + " that were sent");
        }
        try {
            return new ReceivedBackup(header, UUID.fromString(header.getClusterId()), chunks, length);
        } catch (IllegalArgumentException e) {
            throw damaged("'" + header.getClusterId() + "' is no cluster's id");
        }
    }

    /** Of the cluster that it was made of. */
    UUID cluster() {
        return cluster;
    }

    /** Writes it as a file has it, sealed; {@code out} stays open. */
    void writeTo(OutputStream out) throws IOException {
        BackupFile backup = new BackupFile(out);
        byte[] first = BackupFile.header(cluster, header.getAppliedIndex(), bytes, Configuration.NONE,
                Seal.NONE).array();
        backup.write(first, 0, first.length);
        for (ByteString chunk : chunks) {
            byte[] piece = chunk.toByteArray();
            backup.write(piece, 0, piece.length);
        }
        backup.seal();
    }

    private static CommandException damaged(String how) {
        return new CommandException(ExitStatus.DATA, "the backup that arrived is of no use: " + how
                + "; run the command again");
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** For a person. */
    @Override
    public String toString() {
        return "cluster " + cluster + ", revision " + header.getRevision() + ", entry "
                + header.getAppliedIndex();
    }
}
