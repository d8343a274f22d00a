/**
 * One pass over a cluster: look, judge, act, tell.
 *
 * <p>In: the cluster's object, whenever it or one of its pods changes, and every few seconds. Out: at most
 * one step, events, the status. May touch: the framework that calls it, the API server, members, the clock.
 * What it does is in {@code act}, what it decides in {@code plan}.
 */
@NullMarked
package dev.synod.operator.reconcile;

import org.jspecify.annotations.NullMarked;
