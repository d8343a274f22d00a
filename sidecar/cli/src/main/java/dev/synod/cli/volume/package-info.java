/**
 * Volumes at rest: looking at them, and beginning a new cluster from one that survived, or from a backup.
 *
 * <p>In: folders and backup files. Out: reports, and the volume of a new cluster's one member.
 *
 * <p>It may touch {@code storage}, and of {@code state} what tells of a state and the command of a new era.
 */
@NullMarked
package dev.synod.cli.volume;

import org.jspecify.annotations.NullMarked;
