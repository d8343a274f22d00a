package dev.synod.cli.values;

import com.google.protobuf.ByteString;
import dev.synod.cli.output.Tree;
import dev.synod.coordination.v1.KeyRange;
import dev.synod.coordination.v1.KeyValue;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** How values are shown: as text where they are UTF-8, otherwise in base64, said so by the field's name. */
public final class Values {
    private Values() {}

    /** The text, or what it would be in base64. */
    public static String text(ByteString value) {
        return value.isValidUtf8()
                ? value.toString(StandardCharsets.UTF_8)
                : "base64:" + Base64.getEncoder().encodeToString(value.toByteArray());
    }

    /** Adds {@code value}, or {@code valueBase64} when it is no text. */
    public static Tree with(Tree tree, ByteString value) {
        return value.isValidUtf8()
                ? tree.with("value", value.toString(StandardCharsets.UTF_8))
                : tree.with("valueBase64", Base64.getEncoder().encodeToString(value.toByteArray()));
    }

    static Tree tree(KeyValue value, boolean keysOnly) {
        Tree tree = new Tree().with("key", value.getKey());
        if (!keysOnly) {
            with(tree, value.getValue());
        }
        return tree
                .with("createRevision", value.getCreateRevision())
                .with("modRevision", value.getModRevision())
                .with("version", value.getVersion())
                .withIf(value.getBoundSessionId() != 0, "boundSessionId", value.getBoundSessionId());
    }

    static KeyRange range(String key, boolean prefix) {
        return prefix
                ? KeyRange.newBuilder().setPrefix(key).build()
                : KeyRange.newBuilder().setKey(key).build();
    }
}
