/** Tests of the published protos, and what is made of them. */
@NullMarked
package dev.synod.api;

import org.jspecify.annotations.NullMarked;
