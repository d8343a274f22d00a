package dev.synod.simulation.driver;

import dev.synod.storage.DiskFullException;
import org.jspecify.annotations.Nullable;

/** A piece of disk work with a result. */
interface DiskCall<T extends @Nullable Object> {
    T run() throws DiskFullException;
}
