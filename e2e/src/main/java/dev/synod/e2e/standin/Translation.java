package dev.synod.e2e.standin;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a container would see in its own file system and network, said of this machine's: paths below a mount
 * become those of the volume's folder, and the pod's loopback and any-address become the pod's own address.
 */
final class Translation {
    private static final Pattern HERE =
            Pattern.compile("(?<![0-9.])(?:127\\.0\\.0\\.1|0\\.0\\.0\\.0|localhost)(?=:)");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\(([A-Za-z_][A-Za-z0-9_]*)\\)");

    private final PodSources sources;
    private final Pod pod;
    private final String address;
    private final PodFiles files;

    Translation(PodSources sources, Pod pod, String address, PodFiles files) {
        this.sources = sources;
        this.pod = pod;
        this.address = address;
        this.files = files;
    }

    /** The whole command. */
    List<String> command(List<String> program, Container container, Map<String, String> environment) {
        List<String> command = new ArrayList<>(program);
        for (String argument : container.getArgs()) {
            command.add(here(container, expand(argument, environment)));
        }
        return command;
    }

    /**
     * Its environment.
     *
     * @throws PodSources.NotYetException when a Secret or ConfigMap that it names does not exist
     */
    Map<String, String> environment(Container container) throws PodSources.NotYetException {
        Map<String, String> environment = new LinkedHashMap<>();
        for (EnvFromSource source : container.getEnvFrom()) {
            from(environment, source);
        }
        for (EnvVar variable : container.getEnv()) {
            String value = variable.getValueFrom() == null
                    ? expand(Objects.requireNonNullElse(variable.getValue(), ""), environment)
                    : from(variable.getValueFrom());
            if (value != null) {
                environment.put(variable.getName(), here(container, value));
            }
        }
        return environment;
    }

    private void from(Map<String, String> environment, EnvFromSource source)
            throws PodSources.NotYetException {
        String prefix = Objects.requireNonNullElse(source.getPrefix(), "");
        if (source.getSecretRef() != null) {
            sources.secret(source.getSecretRef().getName(), false)
                    .forEach((key, value) -> environment.put(prefix + key, text(value)));
        }
        if (source.getConfigMapRef() != null) {
            sources.configMap(source.getConfigMapRef().getName(), false)
                    .forEach((key, value) -> environment.put(prefix + key, text(value)));
        }
    }

    private @Nullable String from(EnvVarSource source) throws PodSources.NotYetException {
        if (source.getFieldRef() != null) {
            return PodFields.value(pod, source.getFieldRef().getFieldPath(), address);
        }
        if (source.getSecretKeyRef() != null) {
            return value(sources.secret(source.getSecretKeyRef().getName(), false),
                    source.getSecretKeyRef().getKey());
        }
        if (source.getConfigMapKeyRef() != null) {
            return value(sources.configMap(source.getConfigMapKeyRef().getName(), false),
                    source.getConfigMapKeyRef().getKey());
        }
        throw new PodSources.NotYetException("this kubelet knows no such source of a variable: " + source);
    }

    private static @Nullable String value(Map<String, byte[]> data, String key) {
        byte[] value = data.get(key);
        return value == null ? null : text(value);
    }

    private static String text(byte[] value) {
        return new String(value, StandardCharsets.UTF_8);
    }

    private static String expand(String text, Map<String, String> environment) {
        return VARIABLE.matcher(text).replaceAll(found -> Matcher.quoteReplacement(
                Objects.requireNonNullElse(environment.get(found.group(1)), found.group())));
    }

    private String here(Container container, String text) {
        String translated = HERE.matcher(text).replaceAll(address);
        List<VolumeMount> mounts = container.getVolumeMounts().stream()
                .sorted(Comparator.comparingInt((VolumeMount mount) -> -mount.getMountPath().length()))
                .toList();
        for (VolumeMount mount : mounts) {
            Path folder = files.folderOf(mount.getName());
            if (folder != null && translated.contains(mount.getMountPath())) {
                Path below = mount.getSubPath() == null ? folder : folder.resolve(mount.getSubPath());
                String whole =
                        "(?<![A-Za-z0-9._/-])" + Pattern.quote(mount.getMountPath()) + "(?![A-Za-z0-9._-])";
                translated = Pattern.compile(whole).matcher(translated)
                        .replaceAll(Matcher.quoteReplacement(below.toString()));
            }
        }
        return translated;
    }
}
