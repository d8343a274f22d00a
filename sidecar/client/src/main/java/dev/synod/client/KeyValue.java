package dev.synod.client;

/**
 * A key and its value at some revision.
 *
 * @param key its name
 * @param value its bytes; empty where only keys were asked for
 * @param createRevision of the put that brought the key (back) into being
 * @param modRevision of the put of this value
 * @param version how many puts since {@code createRevision}, that one included
 * @param boundSessionId the session whose end deletes it; 0 for none
 */
public record KeyValue(
        String key, Value value, long createRevision, long modRevision, long version, long boundSessionId) {
    static KeyValue of(dev.synod.coordination.v1.KeyValue proto) {
        return new KeyValue(proto.getKey(), new Value(proto.getValue()), proto.getCreateRevision(),
                proto.getModRevision(), proto.getVersion(), proto.getBoundSessionId());
    }
}
