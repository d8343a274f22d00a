package dev.synod.api;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import com.google.protobuf.DescriptorProtos.SourceCodeInfo.Location;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The reference of the native API, made of the comments of its protos. */
final class Reference {
    private static final String PACKAGE = "synod.coordination.v1";
    private static final List<String> ORDER = List.of("session_service", "lock_service", "election_service",
            "value_service", "session", "lock", "election", "value", "common");

    private final StringBuilder page = new StringBuilder();

    private Reference() {}

    private static final String HEAD =
            """
                    # The native API: reference

                    After this page you can call every method of `synod.coordination.v1`, on 127.0.0.1:7400 or
                    the Unix socket of any sidecar, from any language with gRPC. It is made of the comments of
                    the protos in `sidecar/api/src/main/protobuf`; a test there keeps it fresh. Server
                    reflection serves the same (`grpcurl -plaintext 127.0.0.1:7400 describe
                    synod.coordination.v1.LockService`), and the HTTP door takes every unary method as JSON
                    ([http-door.md](http-door.md)).

                    """;

    /** The page of {@code protos}, which carry their comments; those of other packages are passed over. */
    static String of(FileDescriptorSet protos) {
        var reference = new Reference();
        reference.page
                .append(HEAD);
        Map<String, FileDescriptorProto> files = new TreeMap<>();
        for (FileDescriptorProto file : protos.getFileList()) {
            if (file.getPackage().equals(PACKAGE)) {
                files.put(nameOf(file), file);
            }
        }
        for (String name : ORDER) {
            FileDescriptorProto file = files.remove(name);
            if (file == null) {
                throw new IllegalArgumentException(
                        "no proto " + name + "; change the order of the reference");
            }
            reference.file(file);
        }
        if (!files.isEmpty()) {
            throw new IllegalArgumentException("the reference has no place for " + files.keySet());
        }
        return reference.page.toString();
    }

    private static String nameOf(FileDescriptorProto file) {
        String name = file.getName();
        return name.substring(name.lastIndexOf('/') + 1, name.length() - ".proto".length());
    }

    private void file(FileDescriptorProto file) {
        Map<List<Integer>, String> comments = new HashMap<>();
        for (Location location : file.getSourceCodeInfo().getLocationList()) {
            if (location.hasLeadingComments()) {
                comments.put(List.copyOf(location.getPathList()), location.getLeadingComments());
            }
        }
        if (file.getServiceCount() == 0) {
            line("## Of " + nameOf(file));
        }
        for (int i = 0; i < file.getServiceCount(); i++) {
            service(file.getService(i), comments, List.of(FileDescriptorProto.SERVICE_FIELD_NUMBER, i));
        }
        for (int i = 0; i < file.getMessageTypeCount(); i++) {
            message(file.getMessageType(i), "", comments,
                    List.of(FileDescriptorProto.MESSAGE_TYPE_FIELD_NUMBER, i));
        }
        for (int i = 0; i < file.getEnumTypeCount(); i++) {
            enumeration(file.getEnumType(i), comments,
                    List.of(FileDescriptorProto.ENUM_TYPE_FIELD_NUMBER, i));
        }
    }

    private void service(ServiceDescriptorProto service, Map<List<Integer>, String> comments,
            List<Integer> path) {
        line("## " + service.getName());
        line(comment(comments, path));
        page.append("| Method | What it does |\n|---|---|\n");
        for (int i = 0; i < service.getMethodCount(); i++) {
            MethodDescriptorProto method = service.getMethod(i);
            List<Integer> at = append(path, ServiceDescriptorProto.METHOD_FIELD_NUMBER, i);
            row("**`" + method.getName() + "`**(" + stream(method.getClientStreaming())
                    + link(method.getInputType()) + ") → " + stream(method.getServerStreaming())
                    + link(method.getOutputType()), comment(comments, at));
        }
        page.append('\n');
    }

    private static String stream(boolean streaming) {
        return streaming ? "stream " : "";
    }

    private void message(DescriptorProto message, String within, Map<List<Integer>, String> comments,
            List<Integer> path) {
        if (message.getOptions().getMapEntry()) {
            return;
        }
        String name = within + message.getName();
        line("### " + name);
        line(comment(comments, path));
        if (message.getFieldCount() > 0) {
            page.append("| Field | Type | Meaning |\n|---|---|---|\n");
        }
        for (int i = 0; i < message.getFieldCount(); i++) {
            FieldDescriptorProto field = message.getField(i);
            List<Integer> at = append(path, DescriptorProto.FIELD_FIELD_NUMBER, i);
            row("`" + field.getName() + "`", type(message, field), comment(comments, at));
        }
        if (message.getFieldCount() > 0) {
            page.append('\n');
        }
        for (int i = 0; i < message.getNestedTypeCount(); i++) {
            message(message.getNestedType(i), name + ".", comments,
                    append(path, DescriptorProto.NESTED_TYPE_FIELD_NUMBER, i));
        }
    }

    private void enumeration(EnumDescriptorProto type, Map<List<Integer>, String> comments,
            List<Integer> path) {
        line("### " + type.getName());
        line(comment(comments, path));
        page.append("| Value | Number | Meaning |\n|---|---|---|\n");
        for (int i = 0; i < type.getValueCount(); i++) {
            List<Integer> at = append(path, EnumDescriptorProto.VALUE_FIELD_NUMBER, i);
            row("`" + type.getValue(i).getName() + "`", Integer.toString(type.getValue(i).getNumber()),
                    comment(comments, at));
        }
        page.append('\n');
    }

    private static String type(DescriptorProto message, FieldDescriptorProto field) {
        for (DescriptorProto entry : message.getNestedTypeList()) {
            if (entry.getOptions().getMapEntry() && field.getTypeName().endsWith("." + entry.getName())) {
                return "map of " + type(entry, entry.getField(0)) + " to " + type(entry, entry.getField(1));
            }
        }
        String name = field.hasTypeName()
                ? link(field.getTypeName())
                : field.getType().name().substring("TYPE_".length()).toLowerCase(Locale.ROOT);
        String one = field.hasOneofIndex() && !field.getProto3Optional()
                ? " (one of `" + message.getOneofDecl(field.getOneofIndex()).getName() + "`)"
                : "";
        return (field.getLabel() == Label.LABEL_REPEATED ? "repeated " : "")
                + (field.getProto3Optional() ? "optional " : "") + name + one;
    }

    /** A link to a type of this page; the name of another. */
    private static String link(String type) {
        if (!type.startsWith("." + PACKAGE + ".")) {
            return "`" + type.substring(1) + "`";
        }
        String name = type.substring(PACKAGE.length() + 2);
        return "[" + name + "](#" + name.toLowerCase(Locale.ROOT).replace(".", "") + ")";
    }

    private static List<Integer> append(List<Integer> path, int... more) {
        List<Integer> longer = new ArrayList<>(path);
        for (int part : more) {
            longer.add(part);
        }
        return longer;
    }

    private static String comment(Map<List<Integer>, String> comments, List<Integer> path) {
        String comment = comments.get(path);
        if (comment == null) {
            throw new IllegalArgumentException("no comment at " + path + "; every part of the API has one");
        }
        return comment.strip().replaceAll("\\s*\\n\\s*", " ");
    }

    private void line(String text) {
        page.append(text).append("\n\n");
    }

    private void row(String... cells) {
        page.append("| ").append(String.join(" | ", cells).replace("\\|", "|")).append(" |\n");
    }
}
