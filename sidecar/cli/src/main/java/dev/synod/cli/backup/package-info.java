/**
 * Where backups lie: a folder that a program fills by the clock, and that a person takes one from.
 *
 * <p>In: a folder. Out: names of backups in it, and how many are kept.
 *
 * <p>It may touch that folder, and there nothing but files with such names.
 */
@NullMarked
package dev.synod.cli.backup;

import org.jspecify.annotations.NullMarked;
