package dev.synod.operator.reconcile;

import dev.synod.operator.plan.Decision;
import dev.synod.operator.plan.Reason;
import dev.synod.operator.status.Outcome;
import java.time.Duration;

/** When to look again. Changes of pods wake the operator besides; what members say nobody tells it. */
final class Pace {
    private static final Duration AT_ONCE = Duration.ofMillis(200);
    private static final Duration BEGINNING = Duration.ofSeconds(1);
    private static final Duration MOVING = Duration.ofSeconds(2);
    private static final Duration WAITING = Duration.ofSeconds(5);
    private static final Duration SETTLED = Duration.ofSeconds(10);

    private Pace() {}

    static Duration after(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Failed failed -> WAITING;
            case Outcome.Paused paused -> SETTLED;
            case Outcome.Decided(Decision decision) -> switch (decision) {
                case Decision.Act act -> AT_ONCE;
                case Decision.Await await -> after(await.reason());
                case Decision.Blocked blocked -> SETTLED;
                case Decision.Settled settled -> SETTLED;
            };
        };
    }

    private static Duration after(Reason awaited) {
        return switch (awaited) {
            case Bootstrapping -> BEGINNING;
            case MemberDown, QuorumLost, MembersUnreachable -> WAITING;
            default -> MOVING;
        };
    }
}
