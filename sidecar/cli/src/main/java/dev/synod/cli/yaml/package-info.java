/**
 * YAML with places: every node knows its line, so that every complaint does.
 *
 * <p>In: YAML texts and what they are called. Out: nodes, and complaints of the form {@code FILE:LINE: what}.
 *
 * <p>It may touch the YAML library, and nothing of Synod but its exceptions.
 */
@NullMarked
package dev.synod.cli.yaml;

import org.jspecify.annotations.NullMarked;
