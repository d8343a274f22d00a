package dev.synod.operator.tls;

/** What the owner of a certificate may do, as members check it (docs/configuration.md). */
public enum CertificateRole {
    /** Speaks the protocol with members. */
    MEMBER("member"),
    /** Forwards what applications ask. */
    AGENT("agent"),
    /** Looks after members. */
    OPERATOR("operator");

    private final String word;

    CertificateRole(String word) {
        this.word = word;
    }

    /** The URI among the subject alternative names. */
    public String uri() {
        return "urn:synod:role:" + word;
    }
}
