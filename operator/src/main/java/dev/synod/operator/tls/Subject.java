package dev.synod.operator.tls;

import java.util.List;
import java.util.Set;

/**
 * What a certificate is to say.
 *
 * @param text for people
 * @param roles what its owner may do, at least one
 * @param dnsNames by which its owner is reached; none for one who only calls
 */
public record Subject(String text, Set<CertificateRole> roles, List<String> dnsNames) {
    /** With copies. */
    public Subject {
        roles = Set.copyOf(roles);
        dnsNames = List.copyOf(dnsNames);
    }
}
