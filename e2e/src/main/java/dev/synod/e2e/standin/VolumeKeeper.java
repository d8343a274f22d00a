package dev.synod.e2e.standin;

import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimConditionBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimStatusBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.storage.StorageClassBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Provisions, grows and removes volumes, each a folder, as a CSI driver and its side-cars do. Of its two
 * classes one grows volumes under their pods, and one only when a pod mounts them anew. {@link #look} is
 * called by one thread.
 */
final class VolumeKeeper {
    /** Grows at once. The default class. */
    static final String GROWS = "standin";
    /** Grows when a pod mounts it. */
    static final String GROWS_AT_START = "standin-at-start";
    private static final String PROVISIONER = "standin.synod.dev";
    private static final String RESIZE_PENDING = "FileSystemResizePending";

    private final KubernetesClient client;
    private final Path folder;

    VolumeKeeper(KubernetesClient client, Path folder) {
        this.client = client;
        this.folder = folder;
        storageClass(GROWS, true);
        storageClass(GROWS_AT_START, false);
    }

    private void storageClass(String name, boolean byDefault) {
        client.resource(new StorageClassBuilder().withNewMetadata().withName(name)
                .addToAnnotations("storageclass.kubernetes.io/is-default-class", Boolean.toString(byDefault))
                .endMetadata().withProvisioner(PROVISIONER).withAllowVolumeExpansion(true)
                .withReclaimPolicy("Delete").withVolumeBindingMode("Immediate").build())
                .fieldManager("standin").forceConflicts().serverSideApply();
    }

    /** Does what claims and volumes ask for now. */
    void look() {
        for (PersistentVolumeClaim claim : client.persistentVolumeClaims().inAnyNamespace().list()
                .getItems()) {
            String name = claim.getSpec().getStorageClassName();
            if (!GROWS.equals(name) && !GROWS_AT_START.equals(name)) {
                continue;
            }
            if (claim.getSpec().getVolumeName() == null || claim.getSpec().getVolumeName().isEmpty()) {
                provision(claim);
            } else if (isTooSmall(claim)) {
                grow(claim);
            }
        }
        for (PersistentVolume volume : client.persistentVolumes().list().getItems()) {
            if (PROVISIONER.equals(annotation(volume)) && volume.getStatus() != null
                    && "Released".equals(volume.getStatus().getPhase())) {
                remove(volume);
            }
        }
    }

    private static @Nullable String annotation(PersistentVolume volume) {
        Map<String, String> annotations = volume.getMetadata().getAnnotations();
        return annotations == null ? null : annotations.get("pv.kubernetes.io/provisioned-by");
    }

    private void provision(PersistentVolumeClaim claim) {
        String name = "pvc-" + claim.getMetadata().getUid();
        if (client.persistentVolumes().withName(name).get() != null) {
            return; // it is about to be bound
        }
        try {
            Files.createDirectories(folder.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        client.resource(new PersistentVolumeBuilder().withNewMetadata().withName(name)
                .addToAnnotations("pv.kubernetes.io/provisioned-by", PROVISIONER).endMetadata()
                .withNewSpec().withCapacity(Map.of("storage", requested(claim)))
                .withAccessModes(claim.getSpec().getAccessModes()).withPersistentVolumeReclaimPolicy("Delete")
                .withStorageClassName(claim.getSpec().getStorageClassName())
                .withVolumeMode(claim.getSpec().getVolumeMode())
                .withNewHostPath(folder.resolve(name).toString(), "Directory")
                .withClaimRef(
                        new ObjectReferenceBuilder().withApiVersion("v1").withKind("PersistentVolumeClaim")
                                .withName(claim.getMetadata().getName())
                                .withNamespace(claim.getMetadata().getNamespace())
                                .withUid(claim.getMetadata().getUid()).build())
                .endSpec().build()).create();
    }

    private static Quantity requested(PersistentVolumeClaim claim) {
        return Objects.requireNonNull(claim.getSpec().getResources().getRequests().get("storage"));
    }

    private static boolean isTooSmall(PersistentVolumeClaim claim) {
        Map<String, Quantity> capacity = claim.getStatus() == null ? null : claim.getStatus().getCapacity();
        Quantity has = capacity == null ? null : capacity.get("storage");
        return has != null && Quantity.getAmountInBytes(has)
                .compareTo(Quantity.getAmountInBytes(requested(claim))) < 0;
    }

    private void grow(PersistentVolumeClaim claim) {
        client.persistentVolumes().withName(claim.getSpec().getVolumeName()).edit(volume -> {
            volume.getSpec().setCapacity(Map.of("storage", requested(claim)));
            return volume;
        });
        if (GROWS.equals(claim.getSpec().getStorageClassName())) {
            hasGrown(claim);
        } else if (!waitsForMount(claim)) {
            client.resource(claim).editStatus(now -> {
                String time = ContainerLife.time(Instant.now());
                now.setStatus(new PersistentVolumeClaimStatusBuilder(now.getStatus())
                        .withConditions(new PersistentVolumeClaimConditionBuilder().withType(RESIZE_PENDING)
                                .withStatus("True").withLastTransitionTime(time)
                                .withMessage("the file system grows when a pod mounts it").build())
                        .build());
                return now;
            });
        }
    }

    private static boolean waitsForMount(PersistentVolumeClaim claim) {
        return claim.getStatus().getConditions().stream()
                .anyMatch(condition -> condition.getType().equals(RESIZE_PENDING));
    }

    private void hasGrown(PersistentVolumeClaim claim) {
        client.resource(claim).editStatus(now -> {
            now.setStatus(new PersistentVolumeClaimStatusBuilder(now.getStatus())
                    .withCapacity(Map.of("storage", requested(now))).withConditions(List.of()).build());
            return now;
        });
    }

    /**
     * A pod mounts a claim. Any thread.
     *
     * @return the folder
     * @throws PodSources.NotYetException when it is not bound
     */
    Path mount(String namespace, String name) throws PodSources.NotYetException {
        PersistentVolumeClaim claim =
                client.persistentVolumeClaims().inNamespace(namespace).withName(name).get();
        if (claim == null || claim.getStatus() == null || !"Bound".equals(claim.getStatus().getPhase())) {
            throw new PodSources.NotYetException("claim " + name + " is not bound");
        }
        if (isTooSmall(claim) && waitsForMount(claim)) {
            hasGrown(claim);
        }
        PersistentVolume volume =
                client.persistentVolumes().withName(claim.getSpec().getVolumeName()).require();
        if (volume.getSpec().getHostPath() == null) {
            throw new PodSources.NotYetException(
                    "the volume of claim " + name + " is no folder of this machine");
        }
        return Path.of(volume.getSpec().getHostPath().getPath());
    }

    private void remove(PersistentVolume volume) {
        Path path = Path.of(volume.getSpec().getHostPath().getPath());
        if (!path.startsWith(folder)) {
            return; // of another run, which removes it
        }
        try {
            if (Files.exists(path)) {
                try (Stream<Path> all = Files.walk(path)) {
                    for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(each);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try {
            client.resource(volume).delete();
        } catch (KubernetesClientException e) {
            if (e.getCode() != 404) {
                throw e;
            }
        }
    }
}
