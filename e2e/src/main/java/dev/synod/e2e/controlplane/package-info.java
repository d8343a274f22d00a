/**
 * Scenarios on a control plane with a stand-in kubelet: what takes an operator's exact death, or a storage
 * class that grows volumes, and no containers.
 *
 * <p>In: the stage. Out: passed or failed, and a table of figures. May touch: what the stage offers. They are
 * tests, and lie here because e2e/run --stand-in runs them, never the build.
 */
@NullMarked
package dev.synod.e2e.controlplane;

import org.jspecify.annotations.NullMarked;
