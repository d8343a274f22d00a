/**
 * The API types of {@code CoordinationCluster}, {@code synod.dev/v1alpha1}, as records.
 *
 * <p>In: what a user wrote, as JSON or YAML. Out: values whose defaults are filled in; the CRD beside this
 * module's pom and {@code docs/crd.md} are generated from them by the tests. A rule's {@code message} says
 * field and what is allowed; the API server shows no value for a rule, so {@code messageExpression} says it,
 * and the generator puts the two together. May touch: fabric8's model, Jackson's annotations.
 */
@NullMarked
package dev.synod.crd;

import org.jspecify.annotations.NullMarked;
