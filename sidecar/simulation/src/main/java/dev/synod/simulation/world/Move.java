package dev.synod.simulation.world;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;

/** What the operator decided to do, and what came of it. */
enum Move {
    ACTIVATES_A_FIRST_VOTER,
    ADDS_AN_OBSERVER,
    ADDS_VOTERS,
    CHANGE_PUT_OFF_FOR_THE_ATLAS,
    CREATES_A_MACHINE,
    DELETES_A_MACHINE,
    DOWN,
    FORMATS_A_FIRST_VOTER,
    FORMATS_A_NEWCOMER,
    GIVES_A_NEWCOMER_UP,
    LATCHED,
    REFUSES_TO_BOOTSTRAP_BESIDE_ACTIVE_VOLUMES,
    REMOVES_A_BROKEN_OBSERVER,
    REMOVES_AN_OBSERVER,
    REMOVES_VOTERS,
    SWAPS_A_SOUND_VOTER,
    SWAPS_BROKEN_VOTERS,
    TRANSFER_BEGUN,
    TRANSFERS_LEADERSHIP,
    UP,
    VOTERS_CHANGED;

    /** What takes a coincidence that comes up once in hundreds of runs. */
    private static final EnumSet<Move> RARE =
            EnumSet.of(GIVES_A_NEWCOMER_UP, REMOVES_A_BROKEN_OBSERVER);

    private final String text = name().toLowerCase(Locale.ROOT).replace('_', ' ');

    /** How tables and traces name it. */
    String text() {
        return text;
    }

    /** Names of what must occur in any large batch: all but what is rare. */
    static List<String> demanded() {
        return EnumSet.complementOf(RARE).stream().map(Move::text).toList();
    }
}
