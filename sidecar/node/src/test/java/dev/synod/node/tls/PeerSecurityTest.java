package dev.synod.node.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.synod.node.Certificates;
import dev.synod.node.ExitCode;
import dev.synod.node.StartException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PeerSecurityTest {
    @TempDir Path folder;

    private Certificates authority;

    @BeforeEach
    void makeAuthority() throws Exception {
        authority = new Certificates(folder);
    }

    @Test
    void aCertificateShowsTheRolesInItsNames() throws Exception {
        CertificateFiles files = authority.issue(PeerRole.MEMBER, PeerRole.OPERATOR);
        assertThat(PeerRole.of(files.load().chain()[0]))
                .isEqualTo(Set.of(PeerRole.MEMBER, PeerRole.OPERATOR));
    }

    @Test
    void aCertificateWithoutARoleIsRefusedWithWhatToDo() throws Exception {
        CertificateFiles files = authority.issue();
        assertThatThrownBy(() -> PeerSecurity.of(files)).isInstanceOf(StartException.class)
                .hasMessageContainingAll(files.certificate().toString(), "no role", "urn:synod:role:member")
                .extracting(thrown -> ((StartException) thrown).code()).isEqualTo(ExitCode.CONFIGURATION);
    }

    @Test
    void aKeyOfAnotherCertificateIsRefused() throws Exception {
        CertificateFiles one = authority.issue(PeerRole.MEMBER);
        CertificateFiles other = authority.issue(PeerRole.MEMBER);
        var mixed = new CertificateFiles(one.certificate(), other.key(), one.authorities());
        PeerSecurity security = PeerSecurity.of(mixed);
        assertThatThrownBy(security::ensureSound).isInstanceOf(StartException.class)
                .hasMessageContainingAll(other.key().toString(), "does not fit",
                        one.certificate().toString());
    }

    @Test
    void aFileThatIsMissingOrNoPemIsNamed() throws Exception {
        CertificateFiles files = authority.issue(PeerRole.MEMBER);
        Files.writeString(files.key(), "nonsense");
        assertThatThrownBy(() -> PeerSecurity.of(files)).hasMessageContainingAll(files.key().toString(),
                "PKCS#8");
        Files.delete(files.key());
        assertThatThrownBy(() -> PeerSecurity.of(files)).hasMessageContainingAll(files.key().toString(),
                "cannot be read");
    }

    @Test
    void newFilesAreTakenWhenTheyFitAndNotBefore() throws Exception {
        CertificateFiles files = authority.issue(PeerRole.MEMBER);
        PeerSecurity security = PeerSecurity.of(files);
        assertThat(security.refresh()).isFalse();
        Files.writeString(files.key(), Files.readString(authority.issue(PeerRole.MEMBER).key()));
        assertThat(security.refresh()).isFalse();
        authority.issue(files, PeerRole.MEMBER);
        assertThat(security.refresh()).isTrue();
        assertThat(security.refresh()).isFalse();
    }
}
