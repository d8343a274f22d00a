/**
 * Puts runs into a form for people and machines: the trace in columns, the timeline as a page, the table of
 * what was hit, the figures, JSON.
 *
 * <p>In: trace events, counters and results of runs. Out: text. It decides nothing but whether a batch
 * exercised everything, and touches no file; times come in from the caller.
 */
@NullMarked
package dev.synod.simulation.report;

import org.jspecify.annotations.NullMarked;
