/**
 * Where log lines go: a bounded queue and one thread that writes, so that no line ever holds up the event
 * loop.
 *
 * <p>In: SLF4J, and {@code java.util.logging} of libraries. Out: logfmt or JSON on standard error, and a
 * count of lines that were dropped. May touch: SLF4J's port for backends. The process names this backend by
 * a system property; inside another program's JVM that program's own one is used.
 */
@NullMarked
package dev.synod.log;

import org.jspecify.annotations.NullMarked;
