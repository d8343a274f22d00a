package dev.synod.cli.cluster;

import dev.synod.cli.CommandException;
import dev.synod.cli.ExitStatus;
import dev.synod.cli.admin.AdminPort;
import dev.synod.cli.backup.BackupFolder;
import dev.synod.cli.output.Output;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Backs a cluster up. */
@Command(name = "backup",
        description = "Write the whole state, as of one revision that a quorum confirmed, to a file that"
                + " synodctl volume restore takes. The file is there whole, or not at all; of what went to"
                + " standard output the exit status says whether it is whole.",
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:the backup is written and its digest compared", "65:what arrived was damaged",
            "69:the member does not answer, or has no quorum", "73:the file exists, or cannot be written",
            "74:standard output cannot be written: what is there is of no use"},
        footer = {"", "Examples:",
            "  synodctl backup -f monday.backup",
            "  synodctl backup --into /backups --keep 14",
            "  kubectl exec db-0 -c synod -- synodctl backup -f - > monday.backup"})
public final class BackupCommand implements Callable<Integer> {
    private static final int KEEP_MAX = 10_000;

    @Spec CommandSpec spec = CommandSpec.create();

    @Mixin private AdminOptions options = new AdminOptions();

    @ArgGroup(multiplicity = "1") private Place place = new Place();

    // spotless:off
    @Option(names = "--keep", paramLabel = "N",
            description = "With --into: delete the oldest backups of this cluster there, so that N are left,"
                    + " this one included; by default all stay.")
    private @Nullable Integer keep;
    // spotless:on

    /** Where the backup goes. */
    private static final class Place {
        // spotless:off
        @Option(names = {"-f", "--file"}, paramLabel = "FILE",
                description = "The file; it must not exist, its folder must. - for standard output.")
        private @Nullable Path file;

        @Option(names = "--into", paramLabel = "DIR",
                description = "A folder; the file there is named after the time and the cluster's id, such"
                        + " as 20261123T030000Z-7d4cbe29.backup.")
        private @Nullable Path folder;
        // spotless:on
    }

    @Override
    public Integer call() throws IOException {
        checkKeep();
        Path folder = place.folder;
        Path file = place.file;
        if (folder != null) {
            refuseFolder(folder, folder.toAbsolutePath());
            BackupFolder backups = new BackupFolder(folder);
            ReceivedBackup backup = receive();
            Path target = backups.file(Instant.now(), backup.cluster());
            write(backup, target);
            if (keep != null) {
                backups.prune(target, keep).forEach(
                        old -> spec.commandLine().getOut().println(old + ": deleted"));
            }
        } else if (file != null && file.toString().equals("-")) {
            ReceivedBackup backup = receive();
            backup.writeTo(Output.bytes(spec.commandLine()));
            spec.commandLine().getErr().println("standard output: " + backup);
        } else if (file != null) {
            refuseExisting(file);
            refuseFolder(file, file.toAbsolutePath().getParent());
            write(receive(), file);
        }
        return ExitStatus.OK.status();
    }

    private void checkKeep() {
        if (keep == null) {
            return;
        }
        if (place.folder == null) {
            throw new CommandException(ExitStatus.USAGE, "--keep goes with --into: only backups in a folder"
                    + " that synodctl names itself are ever deleted");
        }
        if (keep < 1 || keep > KEEP_MAX) {
            throw new CommandException(ExitStatus.USAGE, "--keep is " + keep + "; allowed are 1 to "
                    + KEEP_MAX);
        }
    }

    private static void refuseExisting(Path file) {
        if (Files.exists(file)) {
            throw new CommandException(ExitStatus.CANNOT_CREATE,
                    file + " exists: name another file, no backup is overwritten");
        }
    }

    private static void refuseFolder(Path asked, @Nullable Path folder) {
        if (folder == null || !Files.isDirectory(folder)) {
            throw new CommandException(ExitStatus.CANNOT_CREATE, asked + " cannot be written: " + folder
                    + " is no folder; make it, or name another");
        }
        if (!Files.isWritable(folder)) {
            throw new CommandException(ExitStatus.CANNOT_CREATE, asked + " cannot be written: this user may"
                    + " not write to " + folder);
        }
    }

    private ReceivedBackup receive() throws IOException {
        try (AdminPort port = options.open()) {
            return ReceivedBackup.of(port.backup());
        }
    }

    /** Under another name until it is on the disk; that name is the lock, too. */
    private void write(ReceivedBackup backup, Path target) throws IOException {
        Path writing = target.resolveSibling(target.getFileName() + BackupFolder.WRITING);
        try (FileChannel channel = FileChannel.open(writing,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), forOwner(target))) {
            try {
                backup.writeTo(Channels.newOutputStream(channel));
                channel.force(true);
                refuseExisting(target); // once more: it took a while to receive
                Files.move(writing, target, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException | RuntimeException e) {
                Files.deleteIfExists(writing);
                throw e;
            }
        } catch (FileAlreadyExistsException e) {
            throw new CommandException(ExitStatus.CANNOT_CREATE, writing + " exists: another synodctl writes"
                    + " it, or was killed; wait for it, or delete that file, and run the command again");
        } catch (IOException e) {
            throw new CommandException(ExitStatus.CANNOT_CREATE, target + " cannot be written: "
                    + e.getMessage() + "; make room, such as by deleting old backups, or name another place");
        }
        spec.commandLine().getOut().println(target + ": " + backup + ", " + Files.size(target) + " bytes");
        Path folder = target.toAbsolutePath().getParent();
        if (folder != null) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    /** It holds every value and every token. */
    private static FileAttribute<?>[] forOwner(Path file) {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))}
                : new FileAttribute<?>[0];
    }
}
