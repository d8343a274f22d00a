/**
 * The authority of one cluster, and the certificates that it issues.
 *
 * <p>In: what is stored in Secrets, the time, randomness. Out: PEM texts as members read them. May touch: the
 * JDK's
 * keys and Bouncy Castle's builders of certificates; no API, no file.
 */
@NullMarked
package dev.synod.operator.tls;

import org.jspecify.annotations.NullMarked;
