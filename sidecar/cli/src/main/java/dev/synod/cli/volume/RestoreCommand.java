package dev.synod.cli.volume;

import dev.synod.cli.CommandException;
import dev.synod.cli.ExitStatus;
import dev.synod.cli.backup.BackupFolder;
import dev.synod.storage.Legacy;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Begins a new cluster from a backup. */
@Command(name = "restore",
        description = {"Begin a new cluster from a backup, when no volume survived, or to go back.",
            "",
            "The new volume holds the state as it was backed up, and is the only voter of a cluster with"
                    + " a new id. Whatever was written after the backup is lost.",
            ""},
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:done",
            "64:--yes is missing: the plan was printed, nothing was written",
            "65:the backup is cut, damaged, or no backup",
            "73:the new folder cannot be used"},
        footer = {"", "Examples:",
            "  synodctl volume restore monday.backup --into /mnt/new-member --address db-0.db:7401 --yes",
            "  synodctl volume restore /backups --into /var/lib/synod --address db-0.db:7401 --yes",
            "  ssh store cat monday.backup | synodctl volume restore - --into ./new --address"
                    + " 127.0.0.1:7401 --yes"})
final class RestoreCommand implements Callable<Integer> {
    @Spec CommandSpec spec = CommandSpec.create();

    @Mixin private Target target = new Target();

    // spotless:off
    @Parameters(paramLabel = "FILE", description = "The backup, as synodctl backup wrote it; - for standard"
            + " input. Of a folder the newest that synodctl backup --into wrote there, if all are of one"
            + " cluster.")
    private String file = "-";
    // spotless:on

    @Override
    public Integer call() throws Exception {
        if (file.equals("-")) {
            return target.begin(Legacy.ofBackup(System.in));
        }
        try (InputStream in = Files.newInputStream(backup(Path.of(file)))) {
            return target.begin(Legacy.ofBackup(in));
        }
    }

    private Path backup(Path asked) throws IOException {
        if (!Files.isDirectory(asked)) {
            return asked;
        }
        SortedMap<String, Path> newest = new BackupFolder(asked).newest();
        if (newest.isEmpty()) {
            throw new CommandException(ExitStatus.DATA, asked + " is a folder in which no file is called "
                    + BackupFolder.FORM + ": name the file");
        }
        if (newest.size() > 1) {
            throw new CommandException(ExitStatus.DATA, asked + " holds backups of " + newest.size()
                    + " clusters, and the newest may be of the wrong one: name the file; the newest of each"
                    + " is " + String.join(", ", newest.values().stream().map(Path::toString).toList()));
        }
        Path file = newest.values().iterator().next();
        spec.commandLine().getErr().println("the newest backup in " + asked + " is " + file.getFileName());
        return file;
    }
}
