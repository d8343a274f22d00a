package dev.synod.cli.cluster;

import com.google.protobuf.ByteString;
import dev.synod.admin.v1.StreamBackupResponse;
import dev.synod.cli.CommandException;
import dev.synod.cli.ExitStatus;
import dev.synod.cli.admin.AdminPort;
import dev.synod.paxos.Configuration;
import dev.synod.paxos.Seal;
import dev.synod.storage.BackupFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Iterator;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Backs a cluster up. */
@Command(name = "backup",
        description = "Write the whole state, as of one revision that a quorum confirmed, to a file that"
                + " synodctl volume restore takes. The file is there whole, or not at all.",
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:the backup is written and its digest compared", "65:what arrived was damaged",
            "69:the member does not answer, or has no quorum", "73:the file exists, or cannot be written"},
        footer = {"", "Examples:",
            "  synodctl backup -f monday.backup",
            "  synodctl backup --admin db-0.db:7402 -f /backups/db-$(date +%%F)"})
public final class BackupCommand implements Callable<Integer> {
    private static final int PIECE_BYTES = 64 << 10;

    @Spec CommandSpec spec = CommandSpec.create();

    @Mixin private AdminOptions options = new AdminOptions();

    // spotless:off
    @Option(names = {"-f", "--file"}, paramLabel = "FILE", required = true,
            description = "The file; it must not exist, its folder must.")
    private Path file = Path.of("");
    // spotless:on

    @Override
    public Integer call() throws IOException {
        Path target = file.toAbsolutePath();
        if (Files.exists(target)) {
            throw new CommandException(ExitStatus.CANNOT_CREATE,
                    file + " exists: name another file, no backup is"
                            + " overwritten");
        }
        Path folder = target.getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new CommandException(ExitStatus.CANNOT_CREATE, file + " cannot be written: " + folder
                    + " is no folder; make it, or name another file");
        }
        if (!Files.isWritable(folder)) {
            throw new CommandException(ExitStatus.CANNOT_CREATE, file + " cannot be written: this user may"
                    + " not write to " + folder);
        }
        Path received = target.resolveSibling(target.getFileName() + ".receiving");
        Path writing = target.resolveSibling(target.getFileName() + ".writing");
        try (AdminPort port = options.open()) {
            StreamBackupResponse.Header header = receive(port.backup(), received);
            write(header, received, writing);
            Files.move(writing, target, StandardCopyOption.ATOMIC_MOVE);
            spec.commandLine().getOut().println(file + ": cluster " + header.getClusterId() + ", revision "
                    + header.getRevision() + ", entry " + header.getAppliedIndex() + ", " + Files.size(target)
                    + " bytes");
            return ExitStatus.OK.status();
        } finally {
            Files.deleteIfExists(received);
            Files.deleteIfExists(writing);
        }
    }

    private static StreamBackupResponse.Header receive(Iterator<StreamBackupResponse> stream, Path into)
            throws IOException {
        MessageDigest digest = sha256();
        StreamBackupResponse.Header header = null;
        StreamBackupResponse.End end = null;
        long length = 0;
        try (OutputStream out = Files.newOutputStream(into)) {
            while (stream.hasNext()) {
                StreamBackupResponse response = stream.next();
                switch (response.getContentCase()) {
                    case HEADER -> header = response.getHeader();
                    case CHUNK -> {
                        response.getChunk().writeTo(out);
                        digest.update(response.getChunk().asReadOnlyByteBuffer());
                        length += response.getChunk().size();
                    }
                    case END -> end = response.getEnd();
                    case CONTENT_NOT_SET ->
                            throw damaged("it holds something that this program does not know");
                }
            }
        }
        if (header == null || end == null) {
            throw damaged("it broke off");
        }
        if (end.getLengthBytes() != length || !end.getSha256().equals(ByteString.copyFrom(digest.digest()))) {
            throw damaged("its " + length + " bytes are not the " + end.getLengthBytes() + " that were sent");
        }
        return header;
    }

    private static void write(StreamBackupResponse.Header header, Path state, Path into) throws IOException {
        try (InputStream in = Files.newInputStream(state); OutputStream out = Files.newOutputStream(into)) {
            BackupFile backup = new BackupFile(out);
            byte[] first = BackupFile.header(UUID.fromString(header.getClusterId()), header.getAppliedIndex(),
                    Files.size(state), Configuration.NONE, Seal.NONE).array();
            backup.write(first, 0, first.length);
            byte[] piece = new byte[PIECE_BYTES];
            for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
                backup.write(piece, 0, count);
            }
            backup.seal();
        }
        try (FileChannel channel = FileChannel.open(into, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
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
}
