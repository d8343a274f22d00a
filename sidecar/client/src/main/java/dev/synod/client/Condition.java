package dev.synod.client;

import dev.synod.coordination.v1.Compare;
import dev.synod.coordination.v1.Relation;

/** What has to hold for a commit. A key that is not there has revisions and version 0, and no value. */
public final class Condition {
    private final Compare proto;

    private Condition(Compare.Builder proto) {
        this.proto = proto.build();
    }

    /** How what is there has to stand to what is given. */
    public enum Is {
        /** The same. */
        EQUAL(Relation.RELATION_EQUAL),
        /** Not the same. */
        NOT_EQUAL(Relation.RELATION_NOT_EQUAL),
        /** What is there is less. */
        LESS(Relation.RELATION_LESS),
        /** What is there is greater. */
        GREATER(Relation.RELATION_GREATER);

        private final Relation proto;

        Is(Relation proto) {
            this.proto = proto;
        }
    }

    /** On the revision of the put that brought the key into being. */
    public static Condition createRevision(String key, Is is, long revision) {
        return new Condition(of(key, is).setCreateRevision(revision));
    }

    /** On the revision of the put of its value. */
    public static Condition modRevision(String key, Is is, long revision) {
        return new Condition(of(key, is).setModRevision(revision));
    }

    /** On how many puts it had. */
    public static Condition version(String key, Is is, long version) {
        return new Condition(of(key, is).setVersion(version));
    }

    /** On its value, byte by byte without sign; never holds for a key that is not there. */
    public static Condition value(String key, Is is, Value value) {
        return new Condition(of(key, is).setValue(value.proto()));
    }

    /** The key is there. */
    public static Condition exists(String key) {
        return new Condition(Compare.newBuilder().setKey(key).setExists(true));
    }

    /** The key is not there. */
    public static Condition missing(String key) {
        return new Condition(Compare.newBuilder().setKey(key).setExists(false));
    }

    private static Compare.Builder of(String key, Is is) {
        return Compare.newBuilder().setKey(key).setRelation(is.proto);
    }

    Compare proto() {
        return proto;
    }
}
