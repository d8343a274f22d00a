/** Tests of the native API, over a real server on loopback. */
@NullUnmarked
package dev.synod.node.api;

import org.jspecify.annotations.NullUnmarked;
