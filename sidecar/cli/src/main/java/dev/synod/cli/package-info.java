/**
 * {@code synodctl}: what people and scripts do with a cluster from a shell.
 *
 * <p>In: a command line, files, what a sidecar or a member's admin port answers. Out: text, JSON or YAML on
 * standard output, one line of error, an exit status of {@link dev.synod.cli.ExitStatus}.
 *
 * <p>It may touch the client, the admin API and, for volumes, {@code storage}; it decides nothing that a
 * cluster would have to decide.
 */
@NullMarked
package dev.synod.cli;

import org.jspecify.annotations.NullMarked;
