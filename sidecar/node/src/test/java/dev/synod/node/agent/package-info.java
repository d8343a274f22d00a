/** Tests of the agent, between real servers on loopback. */
@NullUnmarked
package dev.synod.node.agent;

import org.jspecify.annotations.NullUnmarked;
