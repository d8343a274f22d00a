package dev.synod.member;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Names of the frames that members exchange beside the protocol's, for counts and reports. */
public final class FrameTypes {
    private FrameTypes() {}

    /** All of them. */
    public static List<String> names() {
        return PeerCodec.TYPES;
    }

    /** Of a frame, if it is none of the protocol's and its type is known; else null. */
    public static @Nullable String nameOf(byte[] frame) {
        if (!PeerCodec.isOfMember(frame)) {
            return null;
        }
        int type = PeerCodec.typeOf(frame);
        return type < PeerCodec.TYPES.size() ? PeerCodec.TYPES.get(type) : null;
    }
}
