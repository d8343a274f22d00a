package dev.synod.crd;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The member's container.
 *
 * @param resources that it asks for
 * @param ports on which it listens
 * @param namespace of names, given to the application's containers
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Sidecar(
        @JsonPropertyDescription("Resources of the sidecar's container. A limit on CPU is possible, and"
                + " unwise: a"
                + " throttled leader is taken for a dead one.") @Default("{}") Resources resources,
        @JsonPropertyDescription("Ports of the sidecar. Cannot be changed: members know each other by"
                + " them.") @Default("{}") Ports ports,
        @JsonPropertyDescription("Synod namespace that the application's containers get as SYNOD_NAMESPACE:"
                + " a prefix of"
                + " all their names.") @Pattern("^[A-Za-z0-9._-]+$") @Size(min = 1,
                        max = 63) @Default("default") String namespace) {
    /** Of a cluster that says nothing. */
    public static final Sidecar DEFAULT = new Sidecar(null, null, null);

    /** With defaults for null. */
    public Sidecar(@Nullable Resources resources, @Nullable Ports ports, @Nullable String namespace) {
        this.resources = resources == null ? new Resources(null, null) : resources;
        this.ports = ports == null ? Ports.DEFAULT : ports;
        this.namespace = namespace == null ? "default" : namespace;
    }

    /**
     * What the container asks for and may use at most.
     *
     * @param requests quantities by resource
     * @param limits quantities by resource
     */
    @ValidationRule(
            value = "!('memory' in self.limits) || !isAmount(self.limits['memory'])"
                    + " || amount(self.limits['memory']).compareTo(quantity('64Mi')) >= 0",
            fieldPath = ".limits", reason = "FieldValueInvalid",
            message = "spec.sidecar.resources.limits.memory must be at least 64Mi: a member does not run in"
                    + " less",
            messageExpression = "'given: ' + shown(self.limits['memory'])")
    @ValidationRule(
            value = "!('memory' in self.requests) || !('memory' in self.limits)"
                    + " || !isAmount(self.requests['memory']) || !isAmount(self.limits['memory'])"
                    + " || amount(self.requests['memory']).compareTo(amount(self.limits['memory'])) <= 0",
            fieldPath = ".requests", reason = "FieldValueInvalid",
            message = "spec.sidecar.resources.requests.memory must not be above"
                    + " spec.sidecar.resources.limits.memory: lower the one or raise the other",
            messageExpression = "'given: ' + shown(self.requests['memory'])"
                    + " + ' with a limit of ' + shown(self.limits['memory'])")
    @ValidationRule(
            value = "!('cpu' in self.requests) || !('cpu' in self.limits)"
                    + " || !isAmount(self.requests['cpu']) || !isAmount(self.limits['cpu'])"
                    + " || amount(self.requests['cpu']).compareTo(amount(self.limits['cpu'])) <= 0",
            fieldPath = ".requests", reason = "FieldValueInvalid",
            message = "spec.sidecar.resources.requests.cpu must not be above"
                    + " spec.sidecar.resources.limits.cpu: lower the one or raise the other",
            messageExpression = "'given: ' + shown(self.requests['cpu'])"
                    + " + ' with a limit of ' + shown(self.limits['cpu'])")
    public record Resources(
            @JsonPropertyDescription("What is set aside for the container, by resource.") @Size(
                    max = 16) @Default("{\"cpu\": \"100m\", \"memory\":"
                            + " \"128Mi\"}") Map<String, String> requests,
            @JsonPropertyDescription("What the container may use at most, by resource.") @Size(
                    max = 16) @Default("{\"memory\": \"256Mi\"}") Map<String, String> limits) {
        /** With defaults for null. */
        public Resources(@Nullable Map<String, String> requests, @Nullable Map<String, String> limits) {
            this.requests =
                    requests == null ? Map.of("cpu", "100m", "memory", "128Mi") : Map.copyOf(requests);
            this.limits = limits == null ? Map.of("memory", "256Mi") : Map.copyOf(limits);
        }

        /** In a fixed order. */
        @Override
        public Map<String, String> requests() {
            return new TreeMap<>(requests);
        }

        /** In a fixed order. */
        @Override
        public Map<String, String> limits() {
            return new TreeMap<>(limits);
        }
    }

    /**
     * Where the sidecar listens.
     *
     * @param api native gRPC, on loopback
     * @param http HTTP and JSON, on loopback
     * @param peers members and agents
     * @param admin the operator
     * @param probes metrics and health
     */
    @ValidationRule(
            value = "[self.api, self.http, self.peers, self.admin, self.probes]"
                    + ".all(p, [self.api, self.http, self.peers, self.admin, self.probes]"
                    + ".filter(q, q == p).size() == 1)",
            reason = "FieldValueInvalid",
            message = "spec.sidecar.ports must be five different ports, each 1024 to 65535",
            messageExpression = "'given: api ' + port(self.api) + ', http ' + port(self.http)"
                    + " + ', peers ' + port(self.peers) + ', admin ' + port(self.admin)"
                    + " + ', probes ' + port(self.probes)")
    public record Ports(
            @JsonPropertyDescription("Native gRPC for the pod's own containers, on"
                    + " loopback.") @Min(1024) @Max(65535) @Default("7400") @ValidationRule(
                            value = "self == oldSelf", reason = "FieldValueInvalid",
                            message = "spec.sidecar.ports.api" + STAYS,
                            messageExpression = WAS_AND_IS) Integer api,
            @JsonPropertyDescription("HTTP and JSON for the pod's own containers, on"
                    + " loopback.") @Min(1024) @Max(65535) @Default("7404") @ValidationRule(
                            value = "self == oldSelf", reason = "FieldValueInvalid",
                            message = "spec.sidecar.ports.http" + STAYS,
                            messageExpression = WAS_AND_IS) Integer http,
            @JsonPropertyDescription("Members and"
                    + " agents.") @Min(1024) @Max(65535) @Default("7401") @ValidationRule(
                            value = "self == oldSelf", reason = "FieldValueInvalid",
                            message = "spec.sidecar.ports.peers" + STAYS,
                            messageExpression = WAS_AND_IS) Integer peers,
            @JsonPropertyDescription("The operator and"
                    + " administration.") @Min(1024) @Max(65535) @Default("7402") @ValidationRule(
                            value = "self == oldSelf", reason = "FieldValueInvalid",
                            message = "spec.sidecar.ports.admin" + STAYS,
                            messageExpression = WAS_AND_IS) Integer admin,
            @JsonPropertyDescription("Metrics and"
                    + " probes.") @Min(1024) @Max(65535) @Default("7403") @ValidationRule(
                            value = "self == oldSelf", reason = "FieldValueInvalid",
                            message = "spec.sidecar.ports.probes" + STAYS,
                            messageExpression = WAS_AND_IS) Integer probes) {
        private static final String STAYS =
                " must stay as it was when the cluster was created: members know each other by their ports";
        private static final String WAS_AND_IS = "'was: ' + port(oldSelf) + ', given: ' + port(self)";

        /** Of a cluster that says nothing. */
        public static final Ports DEFAULT = new Ports(null, null, null, null, null);

        /** With defaults for null. */
        public Ports(@Nullable Integer api, @Nullable Integer http, @Nullable Integer peers,
                @Nullable Integer admin, @Nullable Integer probes) {
            this.api = api == null ? 7400 : api;
            this.http = http == null ? 7404 : http;
            this.peers = peers == null ? 7401 : peers;
            this.admin = admin == null ? 7402 : admin;
            this.probes = probes == null ? 7403 : probes;
        }
    }
}
