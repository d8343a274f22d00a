/**
 * For: running the folder distribution as its users do, to train its AOT caches and to measure it. Not
 * shipped. In: the folder, how often, where caches go.
 * Out: caches; figures on standard output.
 * May touch: processes that it started, a working folder, loopback; the client and the stubs of
 * administration.
 */
@NullMarked
package dev.synod.image;

import org.jspecify.annotations.NullMarked;
