package dev.synod.e2e.standin;

import io.fabric8.kubernetes.api.model.DownwardAPIVolumeFile;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The volumes of one pod as folders. Files of Secrets and ConfigMaps change all at once, as a kubelet's do:
 * they are links below a link that is moved. Confined to the thread of its pod.
 */
final class PodFiles {
    private static final String DATA = "..data";

    private final PodSources sources;
    private final Pod pod;
    private final Path folder;
    private final VolumeKeeper claims;
    private final Map<String, Path> folders = new TreeMap<>();
    private final Map<String, Map<String, byte[]>> written = new TreeMap<>();
    private int version;

    PodFiles(PodSources sources, Pod pod, Path folder, VolumeKeeper claims) {
        this.sources = sources;
        this.pod = pod;
        this.folder = folder;
        this.claims = claims;
    }

    /** Where a volume of the pod lies. */
    @Nullable
    Path folderOf(String volume) {
        return folders.get(volume);
    }

    /**
     * Makes all volumes, or brings them up to date.
     *
     * @throws PodSources.NotYetException when a claim is not bound, or a Secret or ConfigMap does not exist
     */
    void write() throws IOException, PodSources.NotYetException {
        for (Volume volume : pod.getSpec().getVolumes()) {
            String name = volume.getName();
            if (volume.getPersistentVolumeClaim() != null) {
                if (!folders.containsKey(name)) {
                    String claim = volume.getPersistentVolumeClaim().getClaimName();
                    folders.put(name, claims.mount(pod.getMetadata().getNamespace(), claim));
                }
                continue;
            }
            Path target = Files.createDirectories(folder.resolve("volumes").resolve(name));
            Map<String, byte[]> files = files(volume);
            if (files != null && !same(files, written.get(name))) {
                replace(target, files, mode(volume));
                written.put(name, files);
            }
            folders.put(name, target);
        }
    }

    private static boolean same(Map<String, byte[]> files, @Nullable Map<String, byte[]> before) {
        return before != null && files.keySet().equals(before.keySet()) && files.entrySet().stream()
                .allMatch(each -> java.util.Arrays.equals(each.getValue(), before.get(each.getKey())));
    }

    private static int mode(Volume volume) {
        Integer mode = volume.getSecret() != null
                ? volume.getSecret().getDefaultMode()
                : volume.getConfigMap() != null ? volume.getConfigMap().getDefaultMode() : null;
        return mode == null ? 0644 : mode;
    }

    /** Null for a volume that is no files of the API server's. */
    private @Nullable Map<String, byte[]> files(Volume volume) throws PodSources.NotYetException {
        Map<String, byte[]> files = new TreeMap<>();
        if (volume.getSecret() != null) {
            pick(files, sources.secret(volume.getSecret().getSecretName(), volume.getSecret().getOptional()),
                    volume.getSecret().getItems());
        } else if (volume.getConfigMap() != null) {
            pick(files,
                    sources.configMap(volume.getConfigMap().getName(), volume.getConfigMap().getOptional()),
                    volume.getConfigMap().getItems());
        } else if (volume.getDownwardAPI() != null) {
            downward(files, volume.getDownwardAPI().getItems());
        } else if (volume.getProjected() != null) {
            for (VolumeProjection source : volume.getProjected().getSources()) {
                project(files, source);
            }
        } else if (volume.getEmptyDir() != null) {
            return null;
        } else {
            throw new PodSources.NotYetException("this kubelet has no volumes like " + volume.getName());
        }
        return files;
    }

    private void project(Map<String, byte[]> files, VolumeProjection source)
            throws PodSources.NotYetException {
        if (source.getSecret() != null) {
            pick(files, sources.secret(source.getSecret().getName(), source.getSecret().getOptional()),
                    source.getSecret().getItems());
        } else if (source.getConfigMap() != null) {
            pick(files,
                    sources.configMap(source.getConfigMap().getName(), source.getConfigMap().getOptional()),
                    source.getConfigMap().getItems());
        } else if (source.getDownwardAPI() != null) {
            downward(files, source.getDownwardAPI().getItems());
        }
        // Tokens of service accounts: no process here looks at /var/run/secrets, for that is not its root.
    }

    private static void pick(Map<String, byte[]> files, Map<String, byte[]> data,
            @Nullable List<KeyToPath> items) {
        if (items == null || items.isEmpty()) {
            files.putAll(data);
            return;
        }
        for (KeyToPath item : items) {
            byte[] value = data.get(item.getKey());
            if (value != null) {
                files.put(item.getPath(), value);
            }
        }
    }

    private void downward(Map<String, byte[]> files, List<DownwardAPIVolumeFile> items)
            throws PodSources.NotYetException {
        for (DownwardAPIVolumeFile item : items) {
            if (item.getFieldRef() == null) {
                throw new PodSources.NotYetException(
                        "this kubelet knows no resourceFieldRef, as in " + item.getPath());
            }
            files.put(item.getPath(), PodFields.value(pod, item.getFieldRef().getFieldPath(), "")
                    .getBytes(StandardCharsets.UTF_8));
        }
    }

    private void replace(Path target, Map<String, byte[]> files, int mode) throws IOException {
        String next = "..version-" + version++;
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Path path = target.resolve(next).resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.write(path, file.getValue());
            Files.setPosixFilePermissions(path, permissions(mode));
        }
        Files.createDirectories(target.resolve(next));
        Path link = Files.createSymbolicLink(target.resolve(DATA + ".new"), Path.of(next));
        Files.move(link, target.resolve(DATA), StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
        for (String name : files.keySet()) {
            Path path = target.resolve(name);
            if (!Files.isSymbolicLink(path)) {
                Files.createDirectories(path.getParent());
                Files.createSymbolicLink(path, target.resolve(DATA).resolve(name));
            }
        }
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        PosixFilePermission[] all = PosixFilePermission.values(); // owner's first, each read, write, execute
        for (int bit = 0; bit < all.length; bit++) {
            if ((mode >> all.length - 1 - bit & 1) == 1) {
                permissions.add(all[bit]);
            }
        }
        permissions.add(PosixFilePermission.OWNER_READ);
        return permissions;
    }
}
