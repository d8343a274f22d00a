/**
 * A kubelet without containers: the middle tier, between an API server alone and pods of a real node.
 *
 * <p>In: pods bound to its node, claims of its storage classes, Secrets and ConfigMaps that pods mount. Out:
 * processes of this machine, each pod on a loopback address of its own; statuses of pods, claims and
 * volumes as a kubelet and a CSI driver write them. May touch: the API server, a folder, its own processes.
 */
@NullMarked
package dev.synod.e2e.standin;

import org.jspecify.annotations.NullMarked;
