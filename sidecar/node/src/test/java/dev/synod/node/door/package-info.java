/** Tests of the HTTP door, over real connections on loopback. */
@NullUnmarked
package dev.synod.node.door;

import org.jspecify.annotations.NullUnmarked;
