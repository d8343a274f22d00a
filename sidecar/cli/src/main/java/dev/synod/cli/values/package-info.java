/**
 * Values from a shell: reading, writing, transactions, watches.
 *
 * <p>In: keys, values, conditions. Out: what is there, and what changes.
 *
 * <p>It may touch the published API's stubs.
 */
@NullMarked
package dev.synod.cli.values;

import org.jspecify.annotations.NullMarked;
