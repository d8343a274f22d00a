package dev.synod.crd;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * The protocol's spans, as text: {@code 250ms}, {@code 10s}, {@code 1m}.
 *
 * @param heartbeat between two heartbeats of a leader
 * @param electionTimeout silence after which a member asks for an election
 */
@ValidationRule(
        value = "self.heartbeat.matches('" + Tuning.SPAN
                + "') && duration(self.heartbeat) >= duration('10ms')"
                + " && duration(self.heartbeat) <= duration('10s')",
        fieldPath = ".heartbeat", reason = "FieldValueInvalid",
        message = "spec.tuning.heartbeat must be 10ms to 10s, written as 250ms or 1s",
        messageExpression = "'given: ' + self.heartbeat")
@ValidationRule(
        value = "self.electionTimeout.matches('" + Tuning.SPAN + "')"
                + " && duration(self.electionTimeout) >= duration('50ms')"
                + " && duration(self.electionTimeout) <= duration('60s')",
        fieldPath = ".electionTimeout", reason = "FieldValueInvalid",
        message = "spec.tuning.electionTimeout must be 50ms to 60s, written as 250ms, 10s or 1m",
        messageExpression = "'given: ' + self.electionTimeout")
@ValidationRule(
        value = "!self.heartbeat.matches('" + Tuning.SPAN + "')"
                + " || !self.electionTimeout.matches('" + Tuning.SPAN + "')"
                + " || duration(self.electionTimeout) >= duration(self.heartbeat) + duration(self.heartbeat)"
                + " + duration(self.heartbeat) + duration(self.heartbeat) + duration(self.heartbeat)",
        fieldPath = ".electionTimeout", reason = "FieldValueInvalid",
        message = "spec.tuning.electionTimeout must be at least five heartbeats: one late heartbeat must not"
                + " be an election; raise it, or lower spec.tuning.heartbeat",
        messageExpression = "'given: ' + self.electionTimeout + ' with a heartbeat of ' + self.heartbeat")
public record Tuning(
        @JsonPropertyDescription("Time between two heartbeats of the leader, 10ms to 10s.") @Size(
                max = 11) @Default("100ms") String heartbeat,
        @JsonPropertyDescription("Silence of the leader after which a member asks for an election, 50ms to"
                + " 60s and at"
                + " least five heartbeats. It is for hangs: the death of a process is noticed at"
                + " once.") @Size(
                        max = 11) @Default("1s") String electionTimeout) {
    /** How a span is written, as a regular expression that the CRD holds too. */
    public static final String SPAN = "^[0-9]{1,9}(ms|s|m)$";

    /** Of a cluster that says nothing. */
    public static final Tuning DEFAULT = new Tuning(null, null);

    /** With defaults for null. */
    public Tuning(@Nullable String heartbeat, @Nullable String electionTimeout) {
        this.heartbeat = heartbeat == null ? "100ms" : heartbeat;
        this.electionTimeout = electionTimeout == null ? "1s" : electionTimeout;
    }
}
