package dev.synod.simulation.world;

/** What the operator decided to do, and what came of it. */
enum Move {
    ACTIVATES_A_FIRST_VOTER("activates a first voter", true),
    ADDS_AN_OBSERVER("adds an observer", true),
    ADDS_VOTERS("adds voters", true),
    CHANGE_PUT_OFF_FOR_THE_ATLAS("change put off for the atlas", true),
    CREATES_A_MACHINE("creates a machine", true),
    DELETES_A_MACHINE("deletes a machine", true),
    DOWN("down", true),
    FORMATS_A_FIRST_VOTER("formats a first voter", true),
    FORMATS_A_NEWCOMER("formats a newcomer", true),
    GIVES_A_NEWCOMER_UP("gives a newcomer up", false),
    LATCHED("latched", true),
    REFUSES_TO_BOOTSTRAP_BESIDE_ACTIVE_VOLUMES("refuses to bootstrap beside active volumes", true),
    REMOVES_A_BROKEN_OBSERVER("removes a broken observer", false),
    REMOVES_AN_OBSERVER("removes an observer", true),
    REMOVES_VOTERS("removes voters", true),
    SWAPS_A_SOUND_VOTER("swaps a sound voter", true),
    SWAPS_BROKEN_VOTERS("swaps broken voters", true),
    TRANSFER_BEGUN("transfer begun", true),
    TRANSFERS_LEADERSHIP("transfers leadership", true),
    UP("up", true),
    VOTERS_CHANGED("voters changed", true);

    private final String text;
    private final boolean demanded;

    Move(String text, boolean demanded) {
        this.text = text;
        this.demanded = demanded;
    }

    /** How tables and traces name it. */
    String text() {
        return text;
    }

    /** Whether a large batch in which it never happened tested too little; not so of rare coincidences. */
    boolean isDemanded() {
        return demanded;
    }
}
