package dev.synod.cli.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A folder of backups that are known by their names, such as {@code 20261123T030000Z-7d4cbe29.backup}: when
 * it was made, in UTC, and how the cluster's id begins. Files with other names are nobody's business here.
 */
public final class BackupFolder {
    /** Behind the name of a backup that is not whole yet. */
    public static final String WRITING = ".writing";

    /** How names look. */
    public static final String FORM = "TIME-CLUSTER.backup";

    /** Nobody writes for so long: what is older was left by a process that was killed. */
    private static final Duration ABANDONED = Duration.ofHours(1);

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'");
    private static final Pattern NAME =
            Pattern.compile("([0-9]{8}T[0-9]{6}Z)-([0-9a-f]{8})\\.backup(" + Pattern.quote(WRITING) + ")?");

    private final Path folder;

    /** @param folder must exist */
    public BackupFolder(Path folder) {
        this.folder = folder;
    }

    private record Found(Path file, Instant made, String cluster, boolean whole) {
        static @Nullable Found of(Path file) {
            Matcher name = NAME.matcher(file.getFileName().toString());
            if (!name.matches() || !Files.isRegularFile(file)) {
                return null;
            }
            try {
                return new Found(file, LocalDateTime.parse(name.group(1), TIME).toInstant(ZoneOffset.UTC),
                        name.group(2), name.group(3) == null);
            } catch (DateTimeParseException e) {
                return null; // no time is written so
            }
        }

        boolean isCalledAs(Found other) {
            return file.getFileName().equals(other.file.getFileName());
        }
    }

    /**
     * Where a backup belongs that is made now: its name comes after that of every other one of the cluster,
     * whatever the clock said when those were made.
     */
    public Path file(Instant now, UUID cluster) throws IOException {
        Instant after =
                found().stream().filter(each -> each.whole() && each.cluster().equals(prefix(cluster)))
                        .map(found -> found.made().plusSeconds(1)).max(Comparator.naturalOrder()).orElse(now);
        return name(after.isAfter(now) ? after : now, cluster);
    }

    private Path name(Instant now, UUID cluster) {
        return folder.resolve(TIME.format(now.atOffset(ZoneOffset.UTC)) + "-" + prefix(cluster) + ".backup");
    }

    private static String prefix(UUID cluster) {
        return cluster.toString().substring(0, 8);
    }

    /** The newest backup by its name of each cluster of which there is one, by how that one's id begins. */
    public SortedMap<String, Path> newest() throws IOException {
        SortedMap<String, Path> newest = new TreeMap<>();
        found().stream().filter(Found::whole).sorted(Comparator.comparing(Found::made))
                .forEach(each -> newest.put(each.cluster(), each.file()));
        return newest;
    }

    /**
     * Deletes the oldest backups of the same cluster, and what other writers have left unfinished. The one
     * just written always stays, whatever the clock said when others were.
     *
     * @param written the one just written
     * @param keep how many stay, that one included; at least 1
     * @return what was deleted
     */
    public List<Path> prune(Path written, int keep) throws IOException {
        Found newest = Found.of(written);
        if (newest == null || keep < 1) {
            throw new IllegalArgumentException(written + " is no backup of this folder, or " + keep
                    + " backups are to be kept");
        }
        List<Found> same = found().stream().filter(each -> each.cluster().equals(newest.cluster())).toList();
        List<Path> deleted = new ArrayList<>();
        List<Found> others = same.stream().filter(each -> each.whole() && !each.isCalledAs(newest))
                .sorted(Comparator.comparing(Found::made)).toList();
        for (Found old : others.subList(0, Math.max(0, others.size() - (keep - 1)))) {
            Files.deleteIfExists(old.file());
            deleted.add(old.file());
        }
        for (Found left : same) {
            if (!left.whole() && left.made().isBefore(newest.made().minus(ABANDONED))) {
                Files.deleteIfExists(left.file());
                deleted.add(left.file());
            }
        }
        return deleted;
    }

    private List<Found> found() throws IOException {
        List<Found> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Found backup = Found.of(file);
                if (backup != null) {
                    found.add(backup);
                }
            }
        }
        return found;
    }
}
