/**
 * Sessions from a shell: who is there, and ending one by force.
 *
 * <p>In: ids. Out: views of sessions.
 *
 * <p>It may touch the published API's stubs.
 */
@NullMarked
package dev.synod.cli.session;

import org.jspecify.annotations.NullMarked;
