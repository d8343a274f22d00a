/**
 * What the folders of this repository promise each other, held as tests.
 *
 * <p>In: the compiled classes of every room and the source tree. Out: for each broken promise one line that
 * names the class, what it touched and why that is not allowed. {@link dev.synod.architecture.Room} lists the
 * rooms and their doors, {@link dev.synod.architecture.Bans} the calls that no deterministic code may make; a
 * new rule is one new line there. May read every room; nothing depends on it.
 */
@NullMarked
package dev.synod.architecture;

import org.jspecify.annotations.NullMarked;
