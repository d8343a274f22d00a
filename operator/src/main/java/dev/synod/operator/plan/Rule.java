package dev.synod.operator.plan;

import org.jspecify.annotations.Nullable;

/** One concern of the plan, for a cluster that runs and whose configuration a quorum confirmed. */
interface Rule {
    /** What it wants next; null when it wants nothing. */
    @Nullable
    Decision next(Desired desired, Observed observed, View view);
}
