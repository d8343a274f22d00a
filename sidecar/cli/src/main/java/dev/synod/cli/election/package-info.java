/**
 * Elections from a shell: a command that runs only while its candidate leads, and looking on.
 *
 * <p>In: names and commands. Out: views of elections; a child process that lives no longer than its
 * leadership.
 *
 * <p>It may touch the client, the published API's stubs, and start processes.
 */
@NullMarked
package dev.synod.cli.election;

import org.jspecify.annotations.NullMarked;
