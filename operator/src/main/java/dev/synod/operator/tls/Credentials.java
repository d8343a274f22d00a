package dev.synod.operator.tls;

import java.time.Instant;

/**
 * What one holder has.
 *
 * @param own what it shows
 * @param trusted PEM of the authorities whose certificates it takes
 * @param written when this was put into its Secret; whoever reads that may have had the one before for a
 * while
 *     after
 */
public record Credentials(KeyMaterial own, String trusted, Instant written) {}
