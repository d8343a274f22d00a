package dev.synod.simulation.coordination;

/** Words for what applications ask. */
public final class CoordinationText {
    private CoordinationText() {}

    /** Words for a request of an application. */
    public static String of(byte[] request) {
        return Ask.decode(request).toString();
    }
}
