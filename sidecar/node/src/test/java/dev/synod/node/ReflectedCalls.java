package dev.synod.node;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.util.JsonFormat;
import dev.synod.node.api.Received;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.ClientCalls;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Calls a server as grpcurl does: by what its reflection tells of it alone, with messages as JSON. */
final class ReflectedCalls {
    private final Channel channel;
    private final int patienceSeconds;
    private final Map<String, FileDescriptor> files = new HashMap<>();

    ReflectedCalls(Channel channel, int patienceSeconds) {
        this.channel = channel;
        this.patienceSeconds = patienceSeconds;
    }

    private ServerReflectionResponse ask(ServerReflectionRequest.Builder question) {
        var received = new Received<ServerReflectionResponse>();
        var stream = ServerReflectionGrpc.newStub(channel).withWaitForReady().serverReflectionInfo(received);
        stream.onNext(question.build());
        ServerReflectionResponse answer = received.next();
        stream.onCompleted();
        return answer;
    }

    /** The names of all services. */
    List<String> services() {
        return ask(ServerReflectionRequest.newBuilder().setListServices("")).getListServicesResponse()
                .getServiceList().stream().map(ServiceResponse::getName).toList();
    }

    private MethodDescriptor method(String service, String method) throws Exception {
        Map<String, FileDescriptorProto> told = new HashMap<>();
        for (ByteString bytes : ask(ServerReflectionRequest.newBuilder().setFileContainingSymbol(service))
                .getFileDescriptorResponse().getFileDescriptorProtoList()) {
            FileDescriptorProto file = FileDescriptorProto.parseFrom(bytes);
            told.put(file.getName(), file);
        }
        for (FileDescriptorProto file : told.values()) {
            var found = file(file.getName(), told).findServiceByName(
                    service.substring(service.lastIndexOf('.') + 1));
            if (found != null && found.getFullName().equals(service)) {
                return found.findMethodByName(method);
            }
        }
        throw new AssertionError("reflection tells nothing of " + service);
    }

    private FileDescriptor file(String name, Map<String, FileDescriptorProto> told) throws Exception {
        FileDescriptor known = files.get(name);
        if (known != null) {
            return known;
        }
        FileDescriptorProto proto = told.get(name);
        if (proto == null) {
            proto = FileDescriptorProto.parseFrom(
                    ask(ServerReflectionRequest.newBuilder().setFileByFilename(name))
                            .getFileDescriptorResponse().getFileDescriptorProto(0));
        }
        FileDescriptor[] imports = new FileDescriptor[proto.getDependencyCount()];
        for (int i = 0; i < imports.length; i++) {
            imports[i] = file(proto.getDependency(i), told);
        }
        FileDescriptor built = FileDescriptor.buildFrom(proto, imports);
        files.put(name, built);
        return built;
    }

    /**
     * Makes a unary call.
     *
     * @param name such as {@code ValueService/GetValue}
     * @return the answer as JSON
     * @throws io.grpc.StatusRuntimeException what the server refused it with
     */
    String call(String name, String json) throws Exception {
        String service = "synod.coordination.v1." + name.substring(0, name.indexOf('/'));
        MethodDescriptor method = method(service, name.substring(name.indexOf('/') + 1));
        DynamicMessage.Builder request = DynamicMessage.newBuilder(method.getInputType());
        JsonFormat.parser().merge(json, request);
        var call = io.grpc.MethodDescriptor.newBuilder(
                ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(method.getInputType())),
                ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(method.getOutputType())))
                .setType(MethodType.UNARY)
                .setFullMethodName(service + '/' + method.getName())
                .build();
        DynamicMessage response = ClientCalls.blockingUnaryCall(channel, call,
                CallOptions.DEFAULT.withDeadlineAfter(patienceSeconds, TimeUnit.SECONDS), request.build());
        return JsonFormat.printer().omittingInsignificantWhitespace().print(response);
    }
}
