package dev.synod.operator.tls;

/**
 * The authority of a cluster, and how far its exchange for another has come.
 *
 * @param issuing the newest
 * @param stage of the exchange
 * @param previous PEM of what is trusted beside it; empty when nothing is
 * @param previousKey PEM of the key of the previous one, while it still renews certificates; empty when it
 * does
 *     not, or is lost
 * @param hurried whether a person waits for it
 * @param request text of the last wish of a person that was begun with; empty when there was none
 */
public record Authorities(
        KeyMaterial issuing, Stage stage, String previous, String previousKey, boolean hurried,
        String request) {
    /** How far an exchange has come. */
    public enum Stage {
        /** One authority, trusted by all. */
        STEADY,
        /** All are to trust both; nobody shows a certificate of the new one yet. */
        TRUSTING,
        /** All are to show certificates of the new one; both are trusted still. */
        ISSUED
    }

    /** What holders are to trust now. */
    String bundle() {
        return issuing.certificate() + previous;
    }
}
