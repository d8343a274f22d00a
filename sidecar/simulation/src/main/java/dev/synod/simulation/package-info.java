/**
 * The command {@code sidecar/simulation/run}: it reads the command line, starts runs on a few threads, and
 * prints what came of them.
 *
 * <p>In: arguments, a file of faults. Out: text, JSON, an HTML page, and the exit status. Only here are there
 * threads, a real clock and files; each run lives in one thread and sees none of them.
 *
 * <p>It may touch every room of the simulator.
 */
@NullMarked
package dev.synod.simulation;

import org.jspecify.annotations.NullMarked;
