package dev.synod.e2e.kubernetes;

import dev.synod.crd.CoordinationCluster;
import dev.synod.crd.CoordinationClusterStatus;
import dev.synod.crd.CoordinationClusterStatus.Truth;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.ExecWatch;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The files of {@code deploy/examples}, used as their heads and the pages say. For one thread. */
public final class Examples {
    private static final Path FOLDER = Path.of(System.getProperty("synod.e2e.tree", "."), "deploy/examples");
    private static final String IMAGE = "synod/sidecar:[^\\s]+";
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Stage stage;

    /** In the namespace of a run. */
    public Examples(Stage stage) {
        this.stage = stage;
    }

    /** Names of all files. */
    public static Set<String> all() {
        try (Stream<Path> files = Files.list(FOLDER)) {
            Set<String> names = new TreeSet<>();
            files.forEach(file -> names.add(file.getFileName().toString()));
            return names;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private KubernetesClient client() {
        return stage.client();
    }

    /** Makes what is in the file, with the sidecar's image under test. */
    public void apply(String file) {
        load(file).forEach(
                object -> client().resource(object).inNamespace(stage.namespace()).serverSideApply());
    }

    /** Deletes what is in the file, with the claims of a cluster that is in it. */
    public void delete(String file) {
        for (HasMetadata object : load(file)) {
            client().resource(object).inNamespace(stage.namespace()).delete();
            if (object.getKind().equals("CoordinationCluster")) { // it is read as a generic one
                deleteClaims(object.getMetadata().getName());
            }
        }
    }

    private List<HasMetadata> load(String file) {
        try {
            String text = Files.readString(FOLDER.resolve(file)).replaceAll(IMAGE, Stage.sidecarImage());
            return client().load(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8))).items();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As step 1 of a restore has it: the pods end, and then the volumes go. */
    public void deleteClaims(String cluster) {
        var pods = client().pods().inNamespace(stage.namespace()).withLabel("synod.dev/cluster", cluster);
        Waiting.until("the end of the pods of " + cluster, PATIENCE, () -> pods.list().getItems().isEmpty(),
                () -> pods.list().getItems().size() + " are left");
        var claims = client().persistentVolumeClaims().inNamespace(stage.namespace())
                .withLabel("synod.dev/cluster", cluster);
        claims.delete();
        Waiting.until("the end of the claims of " + cluster, PATIENCE,
                () -> claims.list().getItems().isEmpty(), () -> claims.list().getItems().size()
                        + " are left");
    }

    /** Waits until a cluster is ready. */
    public Duration awaitReady(String cluster) {
        var resource = client().resources(CoordinationCluster.class).inNamespace(stage.namespace())
                .withName(cluster);
        Supplier<CoordinationClusterStatus> seen =
                () -> Objects.requireNonNull(resource.require().getStatus(), "no status");
        return Waiting.until(cluster + " to be ready", PATIENCE,
                () -> seen.get().conditions().stream().anyMatch(
                        each -> each.type().equals("Ready") && each.status() == Truth.True),
                () -> seen.get().voters() + " voters: " + seen.get().conditions().stream()
                        .map(each -> each.type() + "=" + each.status() + " " + each.message()).toList());
    }

    /** Waits until a Job is complete. */
    public void awaitComplete(String job) {
        var resource = client().batch().v1().jobs().inNamespace(stage.namespace()).withName(job);
        Waiting.until("Job " + job + " to complete", PATIENCE,
                () -> resource.get().getStatus().getConditions().stream().anyMatch(
                        each -> each.getType().equals("Complete") && each.getStatus().equals("True")),
                () -> resource.get().getStatus().getConditions() + "; its log: " + resource.getLog());
    }

    /** Deletes a Job with its pods, which hold claims while they are there, whatever became of them. */
    public void deleteJob(String job) {
        client().batch().v1().jobs().inNamespace(stage.namespace()).withName(job).delete();
    }

    /** Waits until all pods of a Deployment are available. */
    public void awaitAvailable(String deployment) {
        var resource =
                client().apps().deployments().inNamespace(stage.namespace()).withName(deployment);
        Waiting.until("Deployment " + deployment, PATIENCE, () -> {
            Deployment now = resource.get();
            return now.getSpec().getReplicas().equals(now.getStatus().getAvailableReplicas());
        }, () -> String.valueOf(resource.get().getStatus()));
    }

    /** Makes a Job of a CronJob now, as {@code kubectl create job --from} does. */
    public void runNow(String cronJob, String job) {
        CronJob made = client().batch().v1().cronjobs().inNamespace(stage.namespace()).withName(cronJob)
                .require();
        Job now = new JobBuilder().withNewMetadata().withName(job).withNamespace(stage.namespace())
                .endMetadata().withSpec(made.getSpec().getJobTemplate().getSpec()).build();
        client().resource(now).create();
    }

    /** The log of a Job's only pod. */
    public String logOfJob(String job) {
        return client().batch().v1().jobs().inNamespace(stage.namespace()).withName(job).getLog();
    }

    /** The log of a pod's application so far. */
    public String logOfApp(String pod) {
        return client().pods().inNamespace(stage.namespace()).withName(pod).inContainer("app").getLog();
    }

    /**
     * Runs synodctl in the sidecar of a pod.
     *
     * @return what it wrote to standard output
     * @throws IllegalStateException when it ends with another status than 0
     */
    public String synodctl(String pod, String... arguments) {
        String[] command = Stream.concat(Stream.of("synodctl"), Stream.of(arguments)).toArray(String[]::new);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        try (ExecWatch ran = client().pods().inNamespace(stage.namespace()).withName(pod).inContainer("synod")
                .writingOutput(out).writingError(err).exec(command)) {
            int status = ran.exitCode().get(1, TimeUnit.MINUTES);
            if (status != 0) {
                throw new IllegalStateException(String.join(" ", command) + " in " + pod
                        + " ended with status " + status + ": " + err.toString(StandardCharsets.UTF_8));
            }
            return out.toString(StandardCharsets.UTF_8);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", ended);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError(String.join(" ", command) + " in " + pod + " did not end", e);
        }
    }
}
