/**
 * How results look: tables for people, JSON and YAML for programs.
 *
 * <p>In: trees of maps, lists, strings, numbers and booleans, and rows of cells. Out: text. The shapes of
 * JSON and YAML are the same, and stable.
 *
 * <p>It may touch the libraries that write those two, and nothing of Synod.
 */
@NullMarked
package dev.synod.cli.output;

import org.jspecify.annotations.NullMarked;
