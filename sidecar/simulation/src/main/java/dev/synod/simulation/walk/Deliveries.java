package dev.synod.simulation.walk;

/**
 * What the frames of one outbox do to one state of their receiver; those that do nothing are left out.
 *
 * @param box key of the outbox
 * @param moving those that change the receiver, break something or lead beyond the bounds
 * @param silent those that leave the receiver as it is but make it send something
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Deliveries(long box, Outcome[] moving, Outcome[] silent) {}
