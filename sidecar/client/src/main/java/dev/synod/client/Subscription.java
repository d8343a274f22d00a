package dev.synod.client;

/** A listener's place; closing it ends the calls, but not the one that is under way. */
public interface Subscription extends AutoCloseable {
    @Override
    void close();
}
