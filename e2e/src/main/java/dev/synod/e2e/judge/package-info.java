/**
 * The judgement: what applications were told, held against what Synod promises.
 *
 * <p>In: lines of the workload, from anywhere, and what is there now. Out: figures, or a violation. May
 * touch: the simulation's checkers; nothing of Kubernetes.
 */
@NullMarked
package dev.synod.e2e.judge;

import org.jspecify.annotations.NullMarked;
