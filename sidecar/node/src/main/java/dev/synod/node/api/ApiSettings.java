package dev.synod.node.api;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the native API is told at the start of the process.
 *
 * @param clusterName shown in status; free text
 * @param memberName of this process, shown in status; free text
 * @param tokenFile whose content every call must carry as {@code authorization: Bearer}; null for no check
 * @param unaryTimeout of a call that brings no deadline; default 5 s
 * @param sessionsMax attached over one connection; default 32
 * @param watchesMax watches, campaigns and observations open over one connection; default 256
 * @param backlogEventsMax events that one watch may be behind; default 1,000
 * @param backlogBytesMax bytes that one watch may be behind; default 1 MiB
 */
public record ApiSettings(
        String clusterName,
        String memberName,
        @Nullable Path tokenFile,
        Duration unaryTimeout,
        int sessionsMax,
        int watchesMax,
        int backlogEventsMax,
        int backlogBytesMax) {
    /** The largest request, in bytes: 1.5 MiB, and some room for the frame around a value of 1 MiB. */
    public static final int REQUEST_BYTES_MAX = 3 << 19;

    /** The defaults. */
    public static ApiSettings of(String clusterName, String memberName, @Nullable Path tokenFile) {
        return new ApiSettings(clusterName, memberName, tokenFile, Duration.ofSeconds(5), 32, 256, 1_000,
                1 << 20);
    }
}
