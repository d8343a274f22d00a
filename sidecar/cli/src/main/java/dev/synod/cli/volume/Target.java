package dev.synod.cli.volume;

import dev.synod.cli.CommandException;
import dev.synod.cli.ExitStatus;
import dev.synod.cli.output.OutputOption;
import dev.synod.cli.output.Tree;
import dev.synod.storage.FileDisk;
import dev.synod.storage.FileDiskRenewal;
import dev.synod.storage.Legacy;
import dev.synod.storage.NotRecoverableException;
import dev.synod.storage.ReadOnlyFileDisk;
import dev.synod.storage.VolumeInspection;
import dev.synod.storage.VolumeLimits;
import dev.synod.storage.VolumeReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of recover and restore, and what both do once the source is read. */
final class Target {
    private static final int ADDRESS_BYTES_MAX = 256;

    /** Of the new volume. */
    private Path folder = Path.of("");

    @Mixin private OutputOption output = new OutputOption();

    // spotless:off
    @ArgGroup(multiplicity = "1")
    private Place place = new Place();

    @Option(names = "--cluster-id", paramLabel = "UUID",
            description = "Identity of the new cluster, never used before; by default a random one."
                    + " Needed with"
                    + " --in-place: by it a repetition knows what is done already.")
    private @Nullable UUID clusterId;

    @Option(names = "--member-id", paramLabel = "UUID",
            description = "Identity of its member, never used before; by default a random one.")
    private @Nullable UUID memberId;

    @Option(names = "--address", paramLabel = "HOST:PORT",
            description = "Where peers will reach the new member; by default where they reached the old one,"
                    + " as far as the source tells.")
    private @Nullable String address;

    @Option(names = "--era", paramLabel = "N", defaultValue = "1",
            description = "How often a cluster was begun from any volume or backup of the same old cluster,"
                    + " this time included. The second and later ones must say so, or they would issue"
                    + " fencing tokens again that the first one issued; default ${DEFAULT-VALUE}.")
    private int era = 1;

    @Option(names = "--yes",
            description = "Do it. Without this the plan is printed and nothing is written.")
    private boolean confirmed;
    // spotless:on

    /** Where the new volume comes to be. */
    private static final class Place {
        // spotless:off
        @Option(names = "--into", paramLabel = "DIR",
                description = "Folder of the new volume: empty, or not there yet.")
        private @Nullable Path into;

        @Option(names = "--in-place",
                description = "The new volume takes the old one's place; of recover alone.")
        private boolean inPlace;
        // spotless:on
    }

    /** Whether the new volume takes the place of the old one. */
    boolean isInPlace() {
        return place.inPlace;
    }

    /** Does it in the survivor's folder, or what is left to be done of it. */
    int renew(Path survivor, Legacy.Damage damage) throws IOException, NotRecoverableException {
        checkEra();
        if (clusterId == null) {
            throw new CommandException(ExitStatus.USAGE, "--in-place needs --cluster-id: a repetition with"
                    + " the same one goes on with what was begun");
        }
        folder = survivor;
        try (FileDiskRenewal renewal = FileDiskRenewal.open(survivor, clusterId)) {
            if (!renewal.isDone() && !renewal.isWritten()) {
                Legacy legacy = renewal.legacy(damage);
                String reached = address(legacy);
                UUID member = memberId == null ? UUID.randomUUID() : memberId;
                NewEra newEra = NewEra.of(legacy, clusterId, era);
                if (confirmed) {
                    renewal.write(legacy, member, reached, newEra.commands());
                }
                show(legacy, newEra, clusterId, member, reached);
            }
            if (confirmed && !renewal.isDone()) {
                renewal.finish();
            }
        }
        return ExitStatus.OK.status();
    }

    private void checkEra() {
        if (era < 1 || era > 1_000) {
            throw new CommandException(ExitStatus.USAGE, "--era is " + era + "; allowed are 1 to 1000");
        }
    }

    /** Prints the plan, and carries it out if told to. */
    int begin(Legacy legacy) throws IOException, NotRecoverableException {
        checkEra();
        if (place.into == null) {
            throw new CommandException(ExitStatus.USAGE, "--in-place is not for a backup: give --into DIR");
        }
        folder = place.into;
        refuseOccupied();
        String reached = address(legacy);
        UUID cluster = clusterId == null ? UUID.randomUUID() : clusterId;
        UUID member = memberId == null ? UUID.randomUUID() : memberId;
        NewEra newEra = NewEra.of(legacy, cluster, era);
        if (confirmed) {
            try (FileDisk disk = FileDisk.open(folder)) {
                legacy.begin(disk, VolumeLimits.DEFAULT, cluster, member, reached, newEra.commands());
            }
        }
        show(legacy, newEra, cluster, member, reached);
        return ExitStatus.OK.status();
    }

    private void show(Legacy legacy, NewEra newEra, UUID cluster, UUID member, String reached) {
        Tree tree = tree(legacy, newEra, cluster, member, reached);
        output.print(tree, () -> text(legacy, newEra, cluster, member, reached));
        if (!confirmed) {
            throw new CommandException(ExitStatus.USAGE, "nothing was written: stop every member of the old"
                    + " cluster for good, then repeat the command with --yes");
        }
    }

    /** What {@link Legacy#begin} would refuse, before anything is read at length. */
    private void refuseOccupied() throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> entries = Files.list(folder)) {
            boolean holdsVolume = entries.anyMatch(entry -> entry.endsWith("identity"));
            if (holdsVolume && !isEmptyVolume()) {
                throw new CommandException(ExitStatus.CANNOT_CREATE, folder + " holds a volume already: name"
                        + " an empty folder, or one that does not exist yet");
            }
        }
    }

    private boolean isEmptyVolume() {
        var disk = ReadOnlyFileDisk.at(folder);
        return VolumeInspection.inspect(disk, disk.holder())
                .verdict() == VolumeReport.Verdict.EMPTY;
    }

    private String address(Legacy legacy) {
        String reached = address == null ? legacy.address() : address;
        if (reached == null) {
            throw new CommandException(ExitStatus.USAGE, "the " + legacy.source() + " does not tell where the"
                    + " new member will be reached: give --address, such as 127.0.0.1:7401");
        }
        int bytes = reached.getBytes(StandardCharsets.UTF_8).length;
        if (bytes < 1 || bytes > ADDRESS_BYTES_MAX) {
            throw new CommandException(ExitStatus.USAGE,
                    "--address has " + bytes + " bytes; allowed are 1 to "
                            + ADDRESS_BYTES_MAX);
        }
        return reached;
    }

    private Tree tree(Legacy legacy, NewEra newEra, UUID cluster, UUID member, String reached) {
        return new Tree()
                .with("done", confirmed)
                .with("source", legacy.source())
                .with("oldCluster", legacy.cluster().toString())
                .with("snapshotIndex", legacy.index())
                .with("decidedIndex", legacy.decided())
                .with("lastIndex", legacy.last())
                .with("revisionBefore", newEra.revisionBefore())
                .with("revisionAfter", newEra.revisionAfter())
                .with("sessions", newEra.sessions())
                .with("locks", newEra.locks())
                .with("elections", newEra.elections())
                .with("losses", List.copyOf(legacy.losses()))
                .with("volume", folder.toAbsolutePath().normalize().toString())
                .with("cluster", cluster.toString())
                .with("member", member.toString())
                .with("address", reached);
    }

    private String text(Legacy legacy, NewEra newEra, UUID cluster, UUID member, String reached) {
        StringBuilder text = new StringBuilder();
        text.append("from       ").append(legacy.source()).append(", cluster ").append(legacy.cluster())
                .append('\n');
        text.append("holds      entries up to ").append(legacy.last());
        if (legacy.decided() < legacy.last()) {
            text.append("; those after ").append(legacy.decided())
                    .append(" are not known to have been decided, and are kept");
        }
        text.append("\n           ").append(newEra.sessions()).append(" sessions, ").append(newEra.locks())
                .append(" locks and ").append(newEra.elections())
                .append(" elections in use; sessions not renewed will expire\n");
        for (String loss : legacy.losses()) {
            text.append("LOST       ").append(loss).append('\n');
        }
        text.append("revision   ").append(newEra.revisionBefore()).append(" -> ")
                .append(newEra.revisionAfter()).append(": every fencing token will be greater\n");
        text.append(confirmed ? "wrote      " : "would be   ").append(folder.toAbsolutePath().normalize())
                .append('\n');
        if (confirmed) {
            text.append("cluster    ").append(cluster).append(", new\n");
            text.append("member     ").append(member).append(", its only voter, at ").append(reached)
                    .append('\n');
            text.append("next       start a member on it, add others, and never start an old one again\n");
        }
        return text.toString();
    }
}
