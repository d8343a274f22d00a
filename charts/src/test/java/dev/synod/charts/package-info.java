/**
 * Tests of the Helm chart.
 *
 * <p>In: {@code charts/synod}, {@code deploy}, {@code crds}, and the program {@code helm}, where there is
 * one.
 * Out: whether what the chart renders is what docs/install.md and docs/rbac.md promise; with {@code
 * -Dsynod.regenerate=true} the files that are written from the chart. May touch: files of the tree, helm,
 * kubectl against the cluster that {@code charts/check --kubeconfig} names.
 */
@NullMarked
package dev.synod.charts;

import org.jspecify.annotations.NullMarked;
