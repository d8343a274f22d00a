package dev.synod.e2e.kubernetes;

import dev.synod.crd.CoordinationCluster;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/** The definition of CoordinationCluster, which belongs to no namespace: all scenarios share it. */
public final class Definition {
    /** Its name. */
    public static final String NAME = "coordinationclusters.synod.dev";
    private static final String RELEASE = "meta.helm.sh/release-";

    private final KubernetesClient client;

    /** Of that cluster. */
    public Definition(KubernetesClient client) {
        this.client = client;
    }

    /** Makes it what this tree has, whoever made it before. */
    public void apply() {
        try (InputStream definition = CoordinationCluster.class
                .getResourceAsStream("/META-INF/fabric8/coordinationclusters.synod.dev-v1.yml")) {
            client.resource(
                    new String(Objects.requireNonNull(definition).readAllBytes(), StandardCharsets.UTF_8))
                    .fieldManager("synod-e2e").forceConflicts().serverSideApply();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** By which it is told from one that is made anew. */
    public String uid() {
        return resource().require().getMetadata().getUid();
    }

    /** The release of Helm that it is a part of; empty when it is none's. */
    public String release() {
        Map<String, String> annotations = resource().require().getMetadata().getAnnotations();
        return annotations == null ? "" : annotations.getOrDefault(RELEASE + "name", "");
    }

    /** Makes it no release's. */
    public void disown() {
        resource().patch(PatchContext.of(PatchType.JSON_MERGE), """
                {"metadata":{"annotations":{"%1$sname":null,"%1$snamespace":null}}}""".formatted(RELEASE));
    }

    /** Takes it away, if it is there. All clusters would go with it, so there may be none. */
    public void delete() {
        if (resource().get() == null) {
            return;
        }
        var clusters = client.resources(CoordinationCluster.class).inAnyNamespace().list().getItems();
        if (!clusters.isEmpty()) {
            throw new AssertionError("the definition goes with all clusters, and there are some: "
                    + clusters.stream().map(each -> each.getMetadata().getNamespace() + "/"
                            + each.getMetadata().getName()).toList());
        }
        resource().delete();
        Waiting.until("the end of the definition", Duration.ofMinutes(1), () -> resource().get() == null,
                () -> "it ends");
    }

    private Resource<CustomResourceDefinition> resource() {
        return client.apiextensions().v1().customResourceDefinitions().withName(NAME);
    }
}
