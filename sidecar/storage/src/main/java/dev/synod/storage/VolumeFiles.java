package dev.synod.storage;

/** Which names are those of a volume's files; all others are none of its business. */
final class VolumeFiles {
    private VolumeFiles() {}

    static boolean isOwn(String name) {
        return SegmentNames.sequence(name) > 0
                || Spares.isSpare(name)
                || SnapshotNames.isSnapshot(name)
                || name.equals(SnapshotNames.WRITING)
                || name.equals(Staging.PART)
                || name.equals(Staging.LIST)
                || name.equals(PromiseFile.NAME)
                || name.equals(IdentityFile.NAME);
    }
}
