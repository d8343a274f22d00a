package dev.synod.state;

import dev.synod.paxos.Bytes;

/** A condition on one key. A key that is not there has revisions and version 0, and no value. */
public sealed interface Compare {
    /** The key. */
    String key();

    /** Which number of a key is looked at. */
    enum Target {
        /** {@link KeyValue#createRevision()}. */
        CREATE_REVISION,
        /** {@link KeyValue#modRevision()}. */
        MOD_REVISION,
        /** {@link KeyValue#version()}. */
        VERSION
    }

    /** How what is there has to stand to what is given. */
    enum Relation {
        /** The same. */
        EQUAL,
        /** Not the same. */
        NOT_EQUAL,
        /** What is there is less. */
        LESS,
        /** What is there is greater. */
        GREATER;

        /** Whether an order of what is there to what is given, as of a comparator, is this relation. */
        boolean holds(int order) {
            return switch (this) {
                case EQUAL -> order == 0;
                case NOT_EQUAL -> order != 0;
                case LESS -> order < 0;
                case GREATER -> order > 0;
            };
        }
    }

    /**
     * Looks at a number.
     *
     * @param key the key
     * @param target which number
     * @param relation of what is there to {@code number}
     * @param number what is given, 0 or more
     */
    record OfNumber(String key, Target target, Relation relation, long number) implements Compare {}

    /**
     * Looks at the value, byte by byte without sign. Never holds for a key that is not there.
     *
     * @param key the key
     * @param relation of what is there to {@code value}
     * @param value what is given
     */
    record OfValue(String key, Relation relation, Bytes value) implements Compare {}

    /**
     * Looks whether the key is there.
     *
     * @param key the key
     * @param exists whether it has to be
     */
    record Exists(String key, boolean exists) implements Compare {}
}
