/**
 * The operator's way to the members of clusters: their administration port.
 *
 * <p>In: where pods are, the operator's certificates, what is to be done. Out: what members say of
 * themselves, what a quorum confirmed, or why a command failed. May touch: gRPC, sockets to pods; no
 * Kubernetes API.
 */
@NullMarked
package dev.synod.operator.members;

import org.jspecify.annotations.NullMarked;
