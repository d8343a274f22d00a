package dev.synod.e2e.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamedAuthInfo;
import io.fabric8.kubernetes.api.model.NamedAuthInfoBuilder;
import io.fabric8.kubernetes.api.model.NamedClusterBuilder;
import io.fabric8.kubernetes.api.model.NamedContextBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who the operator is to the API server: an account with the rights that deploy/synod.yaml gives it, in one
 * namespace, and none besides. What it may not do in a scenario it may not do at anybody's.
 */
final class OperatorAccount {
    private static final Path MANIFESTS =
            Path.of(System.getProperty("synod.e2e.tree", "."), "deploy", "synod.yaml").toAbsolutePath();
    private static final String ROLE = "synod-operator";
    /** A release of the chart makes a Role of the other name in the same namespace. */
    private static final String NAME = "local-operator";
    private static final long HOURS_OF_A_RUN = 3;

    private OperatorAccount() {}

    /**
     * Makes it.
     *
     * @return a kubeconfig for it, readable by this user alone, which goes with this process
     */
    static Path create(KubernetesClient client, String namespace) {
        client.serviceAccounts().inNamespace(namespace).resource(new ServiceAccountBuilder().withNewMetadata()
                .withName(NAME).endMetadata().build()).create();
        client.rbac().roles().inNamespace(namespace).resource(new RoleBuilder().withNewMetadata()
                .withName(NAME).endMetadata().withRules(rights(client)).build()).create();
        client.rbac().roleBindings().inNamespace(namespace).resource(new RoleBindingBuilder()
                .withNewMetadata().withName(NAME).endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "Role", NAME)
                .addNewSubject("", "ServiceAccount", NAME, namespace).build()).create();
        String token = client.serviceAccounts().inNamespace(namespace).withName(NAME)
                .tokenRequest(new TokenRequestBuilder().withNewSpec()
                        .withExpirationSeconds(HOURS_OF_A_RUN * 3_600).endSpec().build())
                .getStatus().getToken();
        return kubeconfig(client.getConfiguration(), token);
    }

    private static List<PolicyRule> rights(KubernetesClient client) {
        try (InputStream manifests = Files.newInputStream(MANIFESTS)) {
            List<HasMetadata> objects = client.load(manifests).items();
            List<PolicyRule> rights = new ArrayList<>(objects.stream()
                    .filter(object -> object instanceof ClusterRole role
                            && role.getMetadata().getName().equals(ROLE))
                    .map(object -> ((ClusterRole) object).getRules()).findAny()
                    .orElseThrow(() -> new IllegalStateException(
                            MANIFESTS + " has no ClusterRole " + ROLE + ": run charts/check --help")));
            // It is installed in this namespace, too: the election's rights are those of its own.
            objects.stream().filter(object -> object instanceof Role role
                    && role.getMetadata().getName().equals(ROLE + "-lease"))
                    .forEach(object -> rights.addAll(((Role) object).getRules()));
            return rights;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path kubeconfig(Config administrator, String token) {
        NamedAuthInfo user = new NamedAuthInfoBuilder().withName(NAME).withNewUser().withToken(token)
                .endUser().build();
        var config = new io.fabric8.kubernetes.api.model.ConfigBuilder()
                .withApiVersion("v1").withKind("Config").withCurrentContext(NAME)
                .withUsers(user)
                .withClusters(new NamedClusterBuilder().withName(NAME).withNewCluster()
                        .withServer(administrator.getMasterUrl())
                        .withCertificateAuthorityData(authority(administrator)).endCluster().build())
                .withContexts(new NamedContextBuilder().withName(NAME).withNewContext().withCluster(NAME)
                        .withUser(NAME).endContext().build())
                .build();
        try {
            Path file = Files.createTempFile("synod-operator-", ".kubeconfig"); // mode 600
            file.toFile().deleteOnExit();
            return Files.writeString(file, Serialization.asYaml(config));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As data in base 64; null when the API server's certificate is one that everybody trusts. */
    private static @Nullable String authority(Config config) {
        String data = config.getCaCertData();
        if (data != null || config.getCaCertFile() == null) {
            return data;
        }
        try {
            byte[] file = Files.readString(Path.of(config.getCaCertFile())).getBytes(StandardCharsets.UTF_8);
            return Base64.getEncoder().encodeToString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
