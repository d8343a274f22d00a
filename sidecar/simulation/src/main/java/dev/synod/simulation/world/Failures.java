package dev.synod.simulation.world;

import dev.synod.paxos.InvariantViolation;
import dev.synod.simulation.check.Violation;

/** Puts what was thrown into words that are the same for every run that fails the same way. */
final class Failures {
    private static final String BROKEN = " broken: ";

    private Failures() {}

    /** Short name of the invariant that {@code e} reports. */
    static String invariantOf(RuntimeException e) {
        return switch (e) {
            case Violation violation -> violation.invariant();
            case InvariantViolation violation -> prefixOf(String.valueOf(violation.getMessage()));
            case RunFailed failed -> failed.invariant();
            default -> "uncaught";
        };
    }

    private static String prefixOf(String message) {
        int end = message.indexOf(BROKEN);
        return end < 0 ? "invariant" : message.substring(0, end);
    }

    /** What was thrown and where, in one line. */
    static String describe(Throwable e) {
        StringBuilder text = new StringBuilder(e.toString());
        StackTraceElement[] stack = e.getStackTrace();
        for (int i = 0; i < Math.min(4, stack.length); i++) {
            text.append(i == 0 ? " at " : " < ")
                    .append(stack[i].getFileName())
                    .append(':')
                    .append(stack[i].getLineNumber());
        }
        return text.toString();
    }
}
