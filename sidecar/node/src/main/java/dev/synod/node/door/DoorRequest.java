package dev.synod.node.door;

import dev.synod.paxos.Bytes;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was asked of the door.
 *
 * @param method of HTTP
 * @param path its parts, decoded; a '/' within a part was written as {@code %2F}
 * @param query its parameters, decoded
 * @param authorization the header of that name; null for none
 * @param body as it came
 */
record DoorRequest(
        String method, List<String> path, Map<String, List<String>> query, @Nullable String authorization,
        Bytes body) {

    /**
     * Takes a request apart.
     *
     * @throws IllegalArgumentException when {@code uri} is not encoded as it must be
     */
    static DoorRequest of(String method, String uri, @Nullable String authorization, Bytes body) {
        var decoder = new QueryStringDecoder(uri);
        List<String> parts = new ArrayList<>();
        for (String raw : decoder.rawPath().split("/", -1)) {
            parts.add(QueryStringDecoder.decodeComponent(raw.replace("+", "%2B")));
        }
        return new DoorRequest(
                method, parts.subList(1, parts.size()), decoder.parameters(), authorization, body);
    }

    /** A parameter; empty when it is not there. */
    String parameter(String name) {
        List<String> values = query.get(name);
        return values == null || values.isEmpty() ? "" : values.getFirst();
    }

    /** The parts of the path from one on, as one name. */
    String name(int from, int end) {
        return String.join("/", path.subList(from, end));
    }
}
