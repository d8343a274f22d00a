/**
 * Members' administration: what an operator asks of one member, and of a cluster through its members.
 *
 * <p>In: addresses of admin ports. Out: statuses, and changes carried out.
 *
 * <p>It may touch the admin API's stubs and gRPC.
 */
@NullMarked
package dev.synod.cli.admin;

import org.jspecify.annotations.NullMarked;
