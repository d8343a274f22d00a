package dev.synod.e2e.mortal;

import com.google.protobuf.MessageOrBuilder;
import com.google.protobuf.TextFormat;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.InternalConfigurator;
import io.grpc.InternalConfiguratorRegistry;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import java.util.List;
import java.util.Set;

/** The operator as a process that {@link Mortality} ends, with commands to members counted as writes too. */
public final class MortalOperator {
    private static final Set<String> QUESTIONS =
            Set.of("GetStatus", "ConfirmStatus", "GetDigest", "StreamBackup");

    private MortalOperator() {}

    /** Takes what the operator takes. */
    public static void main(String[] arguments) throws ReflectiveOperationException {
        InternalConfiguratorRegistry.setConfigurators(List.of(new ToMembers()));
        // By name: scenarios see the operator as a process, and have nothing of it to compile with.
        Class.forName("dev.synod.operator.Main").getMethod("main", String[].class).invoke(null,
                (Object) arguments);
    }

    private static final class ToMembers implements InternalConfigurator {
        @Override
        public void configureChannelBuilder(ManagedChannelBuilder<?> builder) {
            builder.intercept(new Commands());
        }
    }

    private static final class Commands implements ClientInterceptor {
        @Override
        public <A, B> ClientCall<A, B> interceptCall(MethodDescriptor<A, B> method, CallOptions options,
                Channel next) {
            String name = String.valueOf(method.getBareMethodName());
            ClientCall<A, B> call = next.newCall(method, options);
            return QUESTIONS.contains(name) ? call : new Command<>(call, name);
        }
    }

    private static final class Command<A, B> extends SimpleForwardingClientCall<A, B> {
        private final String name;
        private final long sentMillis = System.currentTimeMillis();
        private String asked = "";

        Command(ClientCall<A, B> call, String name) {
            super(call);
            this.name = name;
        }

        @Override
        public void sendMessage(A message) {
            asked = message instanceof MessageOrBuilder it
                    ? TextFormat.printer().emittingSingleLine(true).printToString(it)
                    : "";
            super.sendMessage(message);
        }

        @Override
        public void start(Listener<B> listener, Metadata headers) {
            super.start(new SimpleForwardingClientCallListener<>(listener) {
                @Override
                public void onMessage(B message) {
                    Mortality.wrote(sentMillis, "member " + name + " " + asked);
                    super.onMessage(message);
                }
            }, headers);
        }
    }
}
