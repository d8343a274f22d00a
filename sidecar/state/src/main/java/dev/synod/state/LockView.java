package dev.synod.state;

import java.util.List;

/**
 * A lock as a read shows it.
 *
 * @param name of the lock
 * @param holders by session and owner
 * @param queue who waits, first come first
 */
public record LockView(String name, List<Holder> holders, List<Waiter> queue) {}
