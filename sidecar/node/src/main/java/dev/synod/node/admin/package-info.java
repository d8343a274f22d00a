/**
 * The administration's API: status, formatting, changes of the cluster, backups of one member.
 *
 * <p>In: calls of operators. Out: events of the member, status, a stream of its state. It decides nothing that
 * the member does not. May touch: grpc, the admin's stubs, {@code loop}; runs on the event loop.
 */
@NullMarked
package dev.synod.node.admin;

import org.jspecify.annotations.NullMarked;
