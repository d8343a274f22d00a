package dev.synod.node.admin;

import java.time.Duration;

/**
 * What the process knows of itself beyond its member.
 *
 * @param clusterName free text
 * @param memberName free text
 * @param version of the program
 * @param startedNanos in {@link System#nanoTime}
 */
public record AdminIdentity(String clusterName, String memberName, String version, long startedNanos) {
    Duration uptime() {
        return Duration.ofNanos(System.nanoTime() - startedNanos);
    }
}
