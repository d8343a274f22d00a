package dev.synod.simulation;

import dev.synod.simulation.coordination.CoordinationSubject;
import dev.synod.simulation.coordination.CoordinationText;
import dev.synod.simulation.port.Subject;
import dev.synod.simulation.register.RegisterCodec;
import dev.synod.simulation.register.RegisterSubject;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What can be put to the test. */
enum SubjectKind {
    /** The consensus core by itself, with registers. */
    REGISTER,
    /** The whole member. */
    COORDINATION;

    /** Of all, for a batch that is not told which. */
    static final List<SubjectKind> ALL = List.of(values());

    /** Name on the command line. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The subject of that name; null when there is none. */
    static @Nullable SubjectKind named(String text) {
        return Arrays.stream(values()).filter(kind -> kind.text().equals(text)).findFirst().orElse(null);
    }

    /** A fresh one, for one run. */
    Subject subject() {
        return switch (this) {
            case REGISTER -> new RegisterSubject();
            case COORDINATION -> new CoordinationSubject();
        };
    }

    /** Words for a client's request. */
    String clientText(byte[] request) {
        return switch (this) {
            case REGISTER -> RegisterCodec.decodeRequest(request).input().toString();
            case COORDINATION -> CoordinationText.of(request);
        };
    }
}
