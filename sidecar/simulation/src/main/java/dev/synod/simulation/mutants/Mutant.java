package dev.synod.simulation.mutants;

import dev.synod.paxos.Defect;
import org.jspecify.annotations.Nullable;

/**
 * One planted bug.
 *
 * @param defect the switch
 * @param subject name of what has the bug: register for the core, coordination for the whole member
 * @param seedsMax within how many seeds it must be found
 * @param knobs changes to the drawn knobs that bring its fault about more often; they never weaken a check
 * @param killedBy what is expected to find it, for people
 * @param directed why the world does not meet it, and which directed test of every build catches it instead;
 *     null for all that are hunted
 */
public record Mutant(
        Defect defect, String subject, int seedsMax, String knobs, String killedBy,
        @Nullable String directed) {
    /** Short name: {@code M01}. */
    public String id() {
        String name = defect.name();
        int end = name.indexOf('_');
        return end < 0 ? name : name.substring(0, end);
    }

    /** Whether a person who writes {@code text} means this one. */
    public boolean isNamed(String text) {
        return id().equalsIgnoreCase(text) || defect.name().equalsIgnoreCase(text);
    }
}
