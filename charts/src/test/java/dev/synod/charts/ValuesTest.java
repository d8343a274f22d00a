package dev.synod.charts;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A value that means nothing is refused, with words that say which. */
@WithHelm
final class ValuesTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            replica=3                         | 'replica'
            image.tagg=1                      | 'tagg'
            sidecar.image.pullPolicy=Always   | 'pullPolicy'
            watch.namespace=shop              | 'namespace'
            podMonitor.enabled=true           | 'enabled'
            resources.request.cpu=1           | 'request'
            serviceAccount.annotation.a=b     | 'annotation'
            networkPolicy.from[0].pods.a=b    | 'pods'
            """)
    void aTypingErrorIsNamed(String value, String named) {
        Program helm = Chart.template("synod", "--set", value);
        assertThat(helm.status()).isNotZero();
        assertThat(helm.err()).contains("additional properties", named, "not allowed");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            replicas=0                        | /replicas
            replicas=two                      | /replicas
            logLevel=trace                    | /logLevel
            image.pullPolicy=Sometimes        | /image/pullPolicy
            image.digest=sha256:12            | /image/digest
            image.repository=Synod/Operator   | /image/repository
            crds.create=perhaps               | /crds/create
            watch.namespaces=shop             | /watch/namespaces
            watch.namespaces[0]=Shop          | /watch/namespaces/0
            podMonitor.interval=often         | /podMonitor/interval
            """)
    void aValueOutOfBoundsIsNamed(String value, String named) {
        Program helm = Chart.template("synod", "--set", value);
        assertThat(helm.status()).isNotZero();
        assertThat(helm.err()).contains(named);
    }

    @Test
    void theChartMayBeAPartOfAnother() {
        assertThat(Chart.template("synod", "--set", "global.registry=x").status()).isZero();
    }
}
