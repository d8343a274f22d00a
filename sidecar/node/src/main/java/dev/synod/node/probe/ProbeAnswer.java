package dev.synod.node.probe;

import java.nio.charset.StandardCharsets;

/**
 * What a probe is answered.
 *
 * @param status of HTTP
 * @param type of the body
 */
@SuppressWarnings("ArrayRecordComponent") // passed on, never compared
record ProbeAnswer(int status, String type, byte[] body) {
    static ProbeAnswer text(int status, String text) {
        return new ProbeAnswer(status, "text/plain; charset=utf-8",
                (text + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
