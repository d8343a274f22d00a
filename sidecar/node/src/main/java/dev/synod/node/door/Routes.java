package dev.synod.node.door;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.util.JsonFormat;
import dev.synod.coordination.v1.CheckFencingTokenRequest;
import dev.synod.coordination.v1.CheckFencingTokenResponse;
import dev.synod.coordination.v1.ClaimKind;
import dev.synod.coordination.v1.DeleteValueRequest;
import dev.synod.coordination.v1.DeleteValueResponse;
import dev.synod.coordination.v1.ElectionServiceGrpc;
import dev.synod.coordination.v1.Fence;
import dev.synod.coordination.v1.FencingTokenState;
import dev.synod.coordination.v1.GetLeaderRequest;
import dev.synod.coordination.v1.GetLeaderResponse;
import dev.synod.coordination.v1.GetLockRequest;
import dev.synod.coordination.v1.GetLockResponse;
import dev.synod.coordination.v1.GetValueRequest;
import dev.synod.coordination.v1.GetValueResponse;
import dev.synod.coordination.v1.KeyValue;
import dev.synod.coordination.v1.Leader;
import dev.synod.coordination.v1.LockServiceGrpc;
import dev.synod.coordination.v1.PutValueRequest;
import dev.synod.coordination.v1.PutValueResponse;
import dev.synod.coordination.v1.ValueServiceGrpc;
import dev.synod.node.api.LocalSessions;
import dev.synod.node.api.ServedApi;
import dev.synod.paxos.Bytes;
import io.grpc.Metadata;
import io.grpc.Status;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * What the door does for a method and a path. Each becomes one unary call of the native API:
 *
 * <pre>
 * GET    /v1/elections/{name}                  GET    /v1/values/{key}
 * GET    /v1/elections/{name}/is-leader        PUT    /v1/values/{key}
 * GET    /v1/locks/{name}                      DELETE /v1/values/{key}
 * POST   /v1/locks/{name}/check-token          GET    /v1/status
 * POST   /v1/{Service}/{Method}
 * </pre>
 */
final class Routes {
    private static final Metadata.Key<String> AUTHORIZATION = Metadata.Key.of(
            "authorization", Metadata.ASCII_STRING_MARSHALLER);

    private final ServedApi api;
    private final LocalSessions sessions;
    private final Services services;

    Routes(ServedApi api, Services services) {
        this.api = api;
        this.sessions = api.sessions();
        this.services = services;
    }

    /** Answers a request; completed on the event loop. To cancel it is to cancel its call. */
    CompletableFuture<DoorReply> answer(DoorRequest request) {
        int parts = request.path().size();
        if (parts < 2 || !request.path().getFirst().equals("v1")) {
            return now(nowhere());
        }
        return switch (request.path().get(1)) {
            case "elections" -> elections(request);
            case "locks" -> locks(request);
            case "values" -> values(request);
            case "status" -> parts == 2 ? status(request) : now(nowhere());
            default -> parts == 3 ? method(request) : now(nowhere());
        };
    }

    static CompletableFuture<DoorReply> now(DoorReply reply) {
        return CompletableFuture.completedFuture(reply);
    }

    static DoorReply nowhere() {
        return DoorErrors.of(404, Status.Code.NOT_FOUND, "NO_SUCH_PATH", "nothing is here; there are"
                + " /v1/elections/{name}, /v1/elections/{name}/is-leader, /v1/locks/{name},"
                + " /v1/locks/{name}/check-token, /v1/values/{key}, /v1/status and /v1/{Service}/{Method}");
    }

    private static CompletableFuture<DoorReply> notAllowed(DoorRequest request, String allowed) {
        return now(DoorErrors.of(405, Status.Code.UNIMPLEMENTED, "METHOD_NOT_ALLOWED",
                request.method() + " is not allowed here; " + allowed + " is"));
    }

    private static CompletableFuture<DoorReply> badRequest(String text) {
        return now(DoorErrors.of(400, Status.Code.INVALID_ARGUMENT, "MALFORMED", text));
    }

    private static Metadata headers(DoorRequest request) {
        var headers = new Metadata();
        if (request.authorization() != null) {
            headers.put(AUTHORIZATION, request.authorization());
        }
        return headers;
    }

    /** What a call comes to, or how it failed. To cancel what this returns is to cancel the call. */
    private static <R> CompletableFuture<DoorReply> reply(CompletableFuture<R> call,
            Function<R, DoorReply> words) {
        CompletableFuture<DoorReply> reply = call.thenApply(words).exceptionally(DoorErrors::of);
        reply.whenComplete((r, error) -> {
            if (reply.isCancelled()) {
                call.cancel(false);
            }
        });
        return reply;
    }

    // Elections.

    CompletableFuture<DoorReply> elections(DoorRequest request) {
        if (!request.method().equals("GET")) {
            return notAllowed(request, "GET");
        }
        int parts = request.path().size();
        boolean question = parts > 3 && request.path().getLast().equals("is-leader");
        String name = request.name(2, question ? parts - 1 : parts);
        var read = GetLeaderRequest.newBuilder()
                .setNamespace(request.parameter("namespace")).setName(name).build();
        CompletableFuture<GetLeaderResponse> call = services.call(
                ElectionServiceGrpc.getGetLeaderMethod(), read, GetLeaderResponse.parser(), headers(request));
        return question
                ? reply(call, response -> isLeader(response, request.parameter("identity")))
                : reply(call, response -> leader(response));
    }

    private DoorReply leader(GetLeaderResponse response) {
        var json = new Json();
        Leader leader = response.getLeader();
        if (response.hasLeader()) {
            json.put("leader", leader.getClaimant().getOwnerId())
                    .put("identity", leader.getClaimant().getIdentity())
                    .put("self", sessions.guarantees(leader.getClaimant().getSessionId()))
                    .put("token", leader.getFencingToken());
            putBytes(json, leader.getValue());
        } else {
            json.put("leader", (String) null).put("self", false);
        }
        return new DoorReply(200, json.put("revision", response.getRevision()).bytes());
    }

    private DoorReply isLeader(GetLeaderResponse response, String identity) {
        Leader leader = response.getLeader();
        boolean self = sessions.guarantees(leader.getClaimant().getSessionId());
        boolean is = response.hasLeader() && (identity.isEmpty()
                ? self
                : identity.equals(leader.getClaimant().getOwnerId()));
        var json = new Json().put("isLeader", is).put("self", self)
                .put("leader", response.hasLeader() ? leader.getClaimant().getOwnerId() : null);
        return new DoorReply(is ? 200 : 409, json.bytes());
    }

    // Locks.

    private CompletableFuture<DoorReply> locks(DoorRequest request) {
        int parts = request.path().size();
        if (parts > 3 && request.path().getLast().equals("check-token")) {
            return request.method().equals("POST")
                    ? checkToken(request, request.name(2, parts - 1))
                    : notAllowed(request, "POST");
        }
        if (!request.method().equals("GET")) {
            return notAllowed(request, "GET");
        }
        var read = GetLockRequest.newBuilder()
                .setNamespace(request.parameter("namespace")).setName(request.name(2, parts)).build();
        return reply(services.call(LockServiceGrpc.getGetLockMethod(), read, GetLockResponse.parser(),
                headers(request)), response -> new DoorReply(200, json(response)));
    }

    private CompletableFuture<DoorReply> checkToken(DoorRequest request, String name) {
        long token;
        try {
            token = token(request);
        } catch (InvalidProtocolBufferException | NumberFormatException e) {
            return badRequest("the token is no whole number; send {\"token\": 41}, or ?token=41");
        }
        var check = CheckFencingTokenRequest.newBuilder()
                .setNamespace(request.parameter("namespace"))
                .setFence(Fence.newBuilder().setKind(ClaimKind.CLAIM_KIND_LOCK).setName(name)
                        .setFencingToken(token))
                .build();
        return reply(services.call(LockServiceGrpc.getCheckFencingTokenMethod(), check,
                CheckFencingTokenResponse.parser(), headers(request)), Routes::checked);
    }

    private static long token(DoorRequest request) throws InvalidProtocolBufferException {
        String parameter = request.parameter("token");
        if (!parameter.isEmpty()) {
            return Long.parseLong(parameter);
        }
        var body = Struct.newBuilder();
        JsonFormat.parser().merge(text(request.body()), body);
        Value token = body.getFieldsOrDefault("token", Value.getDefaultInstance());
        double number = token.getNumberValue();
        if (token.hasStringValue()) {
            return Long.parseLong(token.getStringValue());
        }
        if (number != Math.rint(number) || Math.abs(number) > 1L << 53) {
            throw new NumberFormatException("not a whole number that JSON holds exactly");
        }
        return (long) number;
    }

    private static DoorReply checked(CheckFencingTokenResponse response) {
        boolean valid = response.getState() == FencingTokenState.FENCING_TOKEN_STATE_VALID;
        return new DoorReply(valid ? 200 : 409, new Json()
                .put("valid", valid)
                .put("state", response.getState().name().substring("FENCING_TOKEN_STATE_".length()))
                .put("currentToken", response.getCurrentFencingToken())
                .put("revision", response.getRevision())
                .bytes());
    }

    // Values.

    private CompletableFuture<DoorReply> values(DoorRequest request) {
        String key = request.name(2, request.path().size());
        String namespace = request.parameter("namespace");
        String at = request.parameter("if_mod_revision");
        long revision;
        try {
            revision = at.isEmpty() ? 0 : Long.parseLong(at);
        } catch (NumberFormatException e) {
            return badRequest("if_mod_revision is \"" + at + "\"; 0 (not there) and revisions are allowed");
        }
        switch (request.method()) {
            case "GET" -> {
                var get = GetValueRequest.newBuilder().setNamespace(namespace).setKey(key).build();
                return reply(services.call(ValueServiceGrpc.getGetValueMethod(), get,
                        GetValueResponse.parser(), headers(request)), response -> value(key, response));
            }
            case "PUT" -> {
                var put = PutValueRequest.newBuilder().setNamespace(namespace).setKey(key)
                        .setValue(ByteString.copyFrom(request.body().array()));
                if (!at.isEmpty()) {
                    put.setIfModRevision(revision);
                }
                return reply(services.call(ValueServiceGrpc.getPutValueMethod(), put.build(),
                        PutValueResponse.parser(), headers(request)), Routes::stored);
            }
            case "DELETE" -> {
                var delete = DeleteValueRequest.newBuilder().setNamespace(namespace).setKey(key);
                if (!at.isEmpty()) {
                    delete.setIfModRevision(revision);
                }
                return reply(services.call(ValueServiceGrpc.getDeleteValueMethod(), delete.build(),
                        DeleteValueResponse.parser(), headers(request)), Routes::deleted);
            }
            default -> {
                return notAllowed(request, "GET, PUT or DELETE");
            }
        }
    }

    private static DoorReply value(String key, GetValueResponse response) {
        if (!response.getFound()) {
            return DoorErrors.of(404, Status.Code.NOT_FOUND, "KEY_NOT_FOUND",
                    "there is no key \"" + key + "\"; PUT it first");
        }
        KeyValue value = response.getValue();
        var json = new Json().put("key", value.getKey());
        putBytes(json, value.getValue());
        return new DoorReply(200, json
                .put("createRevision", value.getCreateRevision())
                .put("modRevision", value.getModRevision())
                .put("version", value.getVersion())
                .put("revision", response.getRevision())
                .bytes());
    }

    private static DoorReply stored(PutValueResponse response) {
        return new DoorReply(200, new Json().put("revision", response.getRevision()).bytes());
    }

    private static DoorReply deleted(DeleteValueResponse response) {
        return new DoorReply(200, new Json()
                .put("deleted", response.getDeleted()).put("revision", response.getRevision()).bytes());
    }

    /** Bytes as text where they are text, and always in Base64. */
    private static void putBytes(Json json, ByteString bytes) {
        if (bytes.isValidUtf8()) {
            json.put("value", bytes.toStringUtf8());
        }
        json.put("valueBase64", java.util.Base64.getEncoder().encodeToString(bytes.toByteArray()));
    }

    // Status.

    private CompletableFuture<DoorReply> status(DoorRequest request) {
        if (!request.method().equals("GET")) {
            return notAllowed(request, "GET");
        }
        return reply(api.status(), status -> new DoorReply(200, new Json()
                .put("role", status.role())
                .put("cluster", status.cluster())
                .put("name", status.name())
                .put("ready", status.ready())
                .put("draining", status.draining())
                .put("sessions", status.sessions())
                .put("calls", status.calls())
                .put("revision", status.revision())
                .bytes()));
    }

    // Every unary method.

    private CompletableFuture<DoorReply> method(DoorRequest request) {
        String name = request.path().get(1) + "/" + request.path().get(2);
        Descriptors.MethodDescriptor schema = services.schema(name);
        if (schema == null) {
            return now(nowhere());
        }
        if (!request.method().equals("POST")) {
            return notAllowed(request, "POST");
        }
        if (!services.isUnary(name)) {
            return now(DoorErrors.of(501, Status.Code.UNIMPLEMENTED, "STREAM",
                    name + " is a stream, which this door does not serve; use gRPC on port 7400"));
        }
        var message = DynamicMessage.newBuilder(schema.getInputType());
        try {
            String body = text(request.body());
            JsonFormat.parser().merge(body.isBlank() ? "{}" : body, message);
        } catch (InvalidProtocolBufferException e) {
            return badRequest("the body is no " + schema.getInputType().getFullName() + " in JSON: "
                    + e.getMessage());
        }
        return reply(services.call(name, message.build().toByteArray(), headers(request)),
                bytes -> new DoorReply(200, json(schema.getOutputType(), bytes)));
    }

    private static String text(Bytes body) {
        return new String(body.array(), StandardCharsets.UTF_8);
    }

    private static Bytes json(Descriptors.Descriptor type, byte[] bytes) {
        try {
            return json(DynamicMessage.parseFrom(type, bytes));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a service answered what is no message of its own", e);
        }
    }

    private static Bytes json(Message message) {
        try {
            String json = JsonFormat.printer().alwaysPrintFieldsWithNoPresence()
                    .omittingInsignificantWhitespace().print(message);
            return Bytes.of((json + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a message that has no form in JSON", e);
        }
    }
}
