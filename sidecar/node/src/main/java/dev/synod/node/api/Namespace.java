package dev.synod.node.api;

import dev.synod.state.KeyRange;

/**
 * A prefix of names that applications do not see: {@code a} in namespace {@code n} is stored as {@code n/a}.
 * A namespace has no '/', or {@code b} in {@code n/a} were {@code a/b} in {@code n}.
 *
 * @param name without the '/'
 */
record Namespace(String name) {
    static final Namespace DEFAULT = new Namespace("default");

    /** As it is stored. */
    String stored(String shown) {
        return name + '/' + shown;
    }

    /** As its application knows it. */
    String shown(String stored) {
        return stored.substring(name.length() + 1);
    }

    /** Every name of it. */
    KeyRange all() {
        return KeyRange.prefix(stored(""));
    }

    /** The namespace of a stored name. */
    static Namespace of(String stored) {
        return new Namespace(stored.substring(0, stored.indexOf('/')));
    }
}
