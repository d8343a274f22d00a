/**
 * The operator's judgement: which single step comes next.
 *
 * <p>In: what is asked for ({@link dev.synod.operator.plan.Desired}) and what was seen ({@link
 * dev.synod.operator.plan.Observed}). Out: a {@link dev.synod.operator.plan.Decision}. A pure function: it
 * may touch
 * values only, so that every rule is a row in a table of tests and whole lives of clusters are walked at
 * random.
 */
@NullMarked
package dev.synod.operator.plan;

import org.jspecify.annotations.NullMarked;
