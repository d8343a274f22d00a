package dev.synod.cli.values;

import com.google.protobuf.ByteString;
import dev.synod.cli.CommandException;
import dev.synod.cli.ExitStatus;
import dev.synod.coordination.v1.Compare;
import dev.synod.coordination.v1.Operation;
import dev.synod.coordination.v1.Relation;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Conditions and operations as they are written on a command line. */
final class TxnText {
    private static final String ALLOWED =
            "allowed are 'KEY exists', 'KEY missing' and 'KEY FIELD RELATION GIVEN'"
                    + " with FIELD one of value, version, mod, create and RELATION one of = != < >";
    private static final Pattern PRESENCE = Pattern.compile("\\s*(\\S+)\\s+(exists|missing)\\s*");
    private static final Pattern COMPARISON =
            Pattern.compile("\\s*(\\S+)\\s+(value|version|mod|create)\\s*(=|!=|<|>)\\s*(.*)", Pattern.DOTALL);

    private TxnText() {}

    static Compare compare(String text) {
        Matcher presence = PRESENCE.matcher(text);
        if (presence.matches()) {
            return Compare.newBuilder().setKey(presence.group(1))
                    .setExists(presence.group(2).equals("exists")).build();
        }
        Matcher comparison = COMPARISON.matcher(text);
        if (!comparison.matches()) {
            throw wrong(text);
        }
        Compare.Builder compare = Compare.newBuilder().setKey(comparison.group(1));
        compare.setRelation(switch (comparison.group(3)) {
            case "=" -> Relation.RELATION_EQUAL;
            case "!=" -> Relation.RELATION_NOT_EQUAL;
            case "<" -> Relation.RELATION_LESS;
            default -> Relation.RELATION_GREATER;
        });
        String given = comparison.group(4);
        try {
            switch (comparison.group(2)) {
                case "value" -> compare.setValue(ByteString.copyFromUtf8(given));
                case "version" -> compare.setVersion(Long.parseLong(given.strip()));
                case "mod" -> compare.setModRevision(Long.parseLong(given.strip()));
                default -> compare.setCreateRevision(Long.parseLong(given.strip()));
            }
        } catch (NumberFormatException e) {
            throw wrong(text);
        }
        return compare.build();
    }

    private static CommandException wrong(String text) {
        return new CommandException(ExitStatus.USAGE, "--if is '" + text + "'; " + ALLOWED);
    }

    static List<Operation> operations(List<String> puts, List<String> deletes, List<String> gets) {
        List<Operation> operations = new ArrayList<>();
        for (String put : puts) {
            int equals = put.indexOf('=');
            if (equals < 1) {
                throw new CommandException(ExitStatus.USAGE, "a put is '" + put + "'; allowed is KEY=VALUE");
            }
            operations.add(Operation.newBuilder().setPut(Operation.Put.newBuilder()
                    .setKey(put.substring(0, equals))
                    .setValue(ByteString.copyFromUtf8(put.substring(equals + 1)))).build());
        }
        for (String key : deletes) {
            operations.add(Operation.newBuilder()
                    .setDelete(Operation.Delete.newBuilder().setRange(Values.range(key, false))).build());
        }
        for (String key : gets) {
            operations.add(Operation.newBuilder()
                    .setRead(Operation.Read.newBuilder().setRange(Values.range(key, false))).build());
        }
        return operations;
    }
}
