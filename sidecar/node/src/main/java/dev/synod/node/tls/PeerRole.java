package dev.synod.node.tls;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What the owner of a certificate may do: its subject alternative names hold {@code urn:synod:role:member} and
 * the like, as URIs. One certificate may show several.
 */
public enum PeerRole {
    /** Speaks the protocol with members. */
    MEMBER,
    /** Forwards what applications ask. */
    AGENT,
    /** Looks after members. */
    OPERATOR;

    private static final int URI = 6;

    /** As it stands in a certificate. */
    public String uri() {
        return "urn:synod:role:" + name().toLowerCase(Locale.ROOT);
    }

    /** The roles that a certificate shows. */
    public static Set<PeerRole> of(X509Certificate certificate) {
        Set<PeerRole> roles = EnumSet.noneOf(PeerRole.class);
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            for (List<?> name : names == null ? List.<List<?>>of() : names) {
                for (PeerRole role : values()) {
                    if (name.get(0).equals(URI) && name.get(1).equals(role.uri())) {
                        roles.add(role);
                    }
                }
            }
        } catch (CertificateParsingException e) {
            return EnumSet.noneOf(PeerRole.class); // names that cannot be read show nothing
        }
        return roles;
    }
}
