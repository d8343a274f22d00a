/**
 * The agent: the same API without a volume or membership, forwarded to members.
 *
 * <p>In: calls of the applications of one pod. Out: the same calls, to one member at a time. It decides
 * nothing but where to send them, and what an application may rely on while no member answers. May touch:
 * grpc, the stubs, {@code api}'s doors and the failures that they tell of; runs on the event loop.
 */
@NullMarked
package dev.synod.node.agent;

import org.jspecify.annotations.NullMarked;
