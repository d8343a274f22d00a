package dev.synod.storage;

/**
 * The file {@code identity}: two slots, each with the whole {@link Identity}. Every change is written to
 * both, one after the other, before anything follows from it. So damage to either slot never takes the
 * incarnation back, and a torn write takes it back only to a number that nobody has seen the next of.
 */
final class IdentityFile implements AutoCloseable {
    static final String NAME = "identity";

    /** Room for 7 voters and 64 observers with the longest addresses. */
    static final int SLOT_BYTES = 32 << 10;

    private final SlotFile slots;
    private Identity identity;

    private IdentityFile(SlotFile slots, Identity identity) {
        this.slots = slots;
        this.identity = identity;
    }

    static IdentityFile create(CheckedDisk disk, Identity identity) throws DiskFullException {
        SlotFile slots = SlotFile.create(
                disk, NAME, SLOT_BYTES, identity.cluster(), identity.member(), identity.encode());
        disk.syncDirectory();
        return new IdentityFile(slots, identity);
    }

    static IdentityFile open(CheckedDisk disk) throws DamagedException {
        SlotFile slots = SlotFile.open(disk, NAME, SLOT_BYTES);
        try {
            return open(slots);
        } catch (DamagedException e) {
            slots.close();
            throw e;
        }
    }

    private static IdentityFile open(SlotFile slots) throws DamagedException {
        Identity identity = Identity.decode(slots.newest());
        for (int i = 0; i < 2; i++) {
            SlotFile.Slot slot = slots.slot(i);
            if (slot != null && !(slot.cluster().equals(identity.cluster())
                    && slot.member().equals(identity.member()))) {
                throw new DamagedException(
                        "the two slots of " + NAME + " name different volumes: " + slot.member()
                                + " of cluster " + slot.cluster() + ", and " + identity.member() + " of "
                                + identity.cluster());
            }
        }
        return new IdentityFile(slots, identity);
    }

    Identity identity() {
        return identity;
    }

    /**
     * Durable in both slots when this returns; one write in a process must come from here before any other.
     */
    void store(Identity next) {
        slots.storeFirst(next.encode());
        slots.store(next.encode());
        identity = next;
    }

    @Override
    public void close() {
        slots.close();
    }
}
