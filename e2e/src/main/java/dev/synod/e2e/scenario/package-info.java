/**
 * The scenarios, each a sentence: something happens to a cluster under load, and in the end its history is
 * judged.
 *
 * <p>In: the stage. Out: passed or failed, and a table of figures. May touch: what the stage offers. They
 * are tests, and lie here because e2e/run runs them, never the build.
 */
@NullMarked
package dev.synod.e2e.scenario;

import org.jspecify.annotations.NullMarked;
