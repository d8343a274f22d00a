package dev.synod.node.api;

import dev.synod.state.Command;
import dev.synod.state.Compare;
import dev.synod.state.Fence;
import dev.synod.state.Operation;
import dev.synod.state.Reply;
import java.util.List;
import java.util.stream.Stream;

/** Refusals as applications read them: names as they wrote them, without the namespace of the store. */
final class Spoken {
    private Spoken() {}

    /** What {@code command} was refused for, its names without their namespace. */
    static Reply.Refused of(Reply.Refused refused, Command command) {
        String text = refused.text();
        for (String stored : stored(command)) {
            text = text.replace(stored, Namespace.of(stored).shown(stored));
        }
        return new Reply.Refused(refused.reason(), text, refused.current());
    }

    /** The names that a refusal of the command may speak of. */
    private static List<String> stored(Command command) {
        return switch (command) {
            case Command.AcquireLock c -> List.of(c.name());
            case Command.ReleaseLock c -> List.of(c.name());
            case Command.BreakLock c -> List.of(c.name());
            case Command.Proclaim c -> List.of(c.name());
            case Command.TransferLeadership c -> List.of(c.name());
            case Command.Commit c -> Stream.of(
                    c.fences().stream().map(Fence::name),
                    c.compares().stream().map(Compare::key),
                    Stream.concat(c.success().stream(), c.failure().stream()).flatMap(Spoken::keys))
                    .flatMap(names -> names).distinct().toList();
            default -> List.of();
        };
    }

    private static Stream<String> keys(Operation operation) {
        return operation instanceof Operation.Put put ? Stream.of(put.key()) : Stream.empty();
    }
}
