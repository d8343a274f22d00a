package dev.synod.client;

/** Keys of the client's namespace, in the order of their bytes. */
public final class KeyRange {
    private final dev.synod.coordination.v1.KeyRange proto;

    private KeyRange(dev.synod.coordination.v1.KeyRange proto) {
        this.proto = proto;
    }

    /** One key. */
    public static KeyRange key(String key) {
        return new KeyRange(dev.synod.coordination.v1.KeyRange.newBuilder().setKey(key).build());
    }

    /** Every key that begins with {@code prefix}; every key at all, if that is empty. */
    public static KeyRange prefix(String prefix) {
        return new KeyRange(dev.synod.coordination.v1.KeyRange.newBuilder().setPrefix(prefix).build());
    }

    /**
     * From one key to another.
     *
     * @param from the first that may be in it; empty for the first of all
     * @param end the first beyond it; empty for no end
     */
    public static KeyRange between(String from, String end) {
        return new KeyRange(dev.synod.coordination.v1.KeyRange.newBuilder().setBounds(
                dev.synod.coordination.v1.KeyRange.Bounds.newBuilder().setFrom(from).setEnd(end)).build());
    }

    dev.synod.coordination.v1.KeyRange proto() {
        return proto;
    }
}
