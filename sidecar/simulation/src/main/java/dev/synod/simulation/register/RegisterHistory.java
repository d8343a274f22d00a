package dev.synod.simulation.register;

import dev.synod.paxos.Entry;
import dev.synod.paxos.Payload;
import dev.synod.simulation.check.HistoryReader;
import dev.synod.simulation.check.LoggedCommand;
import dev.synod.simulation.check.LoggedOperation;
import dev.synod.simulation.check.Operation;
import dev.synod.simulation.check.RegisterModel.Input;
import dev.synod.simulation.check.RegisterModel.Output;
import dev.synod.simulation.port.History;
import dev.synod.simulation.register.RegisterCodec.Reply;
import dev.synod.simulation.register.RegisterCodec.Request;
import org.jspecify.annotations.Nullable;

/** What the bytes of {@link RegisterWorkload}'s requests and replies mean to the checkers. */
final class RegisterHistory implements HistoryReader<Input, Output> {
    @Override
    public LoggedOperation<Input, Output> operation(History.Operation operation) {
        Request request = RegisterCodec.decodeRequest(operation.body());
        byte[] bytes = operation.reply();
        if (operation.outcome() != History.Outcome.DONE || bytes == null) {
            return new LoggedOperation<>(
                    operation.request(),
                    0,
                    new Operation<>(
                            operation.client(),
                            request.input(),
                            operation.invokedNanos(),
                            Operation.NEVER,
                            null));
        }
        Reply reply = RegisterCodec.decodeReply(bytes);
        return new LoggedOperation<>(
                operation.request(),
                reply.index(),
                new Operation<>(
                        operation.client(),
                        request.input(),
                        operation.invokedNanos(),
                        operation.completedNanos(),
                        reply.output()));
    }

    @Override
    public @Nullable LoggedCommand<Input> command(Entry entry) {
        if (!(entry.payload() instanceof Payload.Command command)) {
            return null;
        }
        Request request = RegisterCodec.decodeRequest(command.body().array());
        return new LoggedCommand<>(entry.index(), request.client(), request.request(), request.input());
    }
}
