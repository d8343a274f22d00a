/**
 * One member as a pure state machine: the protocol of {@code paxos} joined with the replicated {@code state}.
 *
 * <p>In: {@link dev.synod.member.MemberEvent}s (time, peer frames, completed writes, what clients ask). Out:
 * {@link dev.synod.member.MemberEffects} (records to make durable, frames to send, answers, what watches and
 * sessions have to hear). What lives here and nowhere else: the clocks of sessions and their renewals, when a
 * session's end is proposed, forwarding to the leader, when a read may be served, the progress of watches,
 * when a snapshot is taken, and the comparison of digests.
 *
 * <p>It may touch {@code paxos}, {@code state} and values of {@code java.base}: no clock, thread, disk,
 * network, logger, or randomness of its own.
 */
@NullMarked
package dev.synod.member;

import org.jspecify.annotations.NullMarked;
