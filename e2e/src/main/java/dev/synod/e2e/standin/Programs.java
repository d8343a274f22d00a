package dev.synod.e2e.standin;

import io.fabric8.kubernetes.api.model.Container;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What stands for images: a command each. An image that is not among them cannot be pulled.
 *
 * @param entrypoints by image: what runs when a container names no command
 * @param commands by path in the image: what runs when a container names that command
 */
public record Programs(Map<String, List<String>> entrypoints, Map<String, List<String>> commands) {
    /** With copies. */
    public Programs {
        entrypoints = Map.copyOf(entrypoints);
        commands = Map.copyOf(commands);
    }

    /**
     * The sidecar and synodctl from the folder distribution, and any main classes of this program's own,
     * which start as synodctl does, with its AOT cache: the client is most of both.
     *
     * @param distribution what sidecar/image/build makes
     * @param sidecars names of the sidecar's image
     * @param mains main class by image
     * @throws IllegalArgumentException when there is no distribution in that folder
     */
    public static Programs of(Path distribution, List<String> sidecars, Map<String, String> mains) {
        Path sidecar = distribution.resolve("bin/synod");
        if (!Files.isExecutable(sidecar)) {
            throw new IllegalArgumentException("there is no sidecar at " + sidecar
                    + "; sidecar/image/build makes one, and -Dsynod.e2e.distribution names its folder");
        }
        Map<String, List<String>> entrypoints = new java.util.HashMap<>();
        sidecars.forEach(image -> entrypoints.put(image, List.of(sidecar.toString())));
        mains.forEach((image, main) -> entrypoints.put(image, java(distribution, main)));
        return new Programs(entrypoints, Map.of("/usr/bin/synodctl",
                List.of(distribution.resolve("bin/synodctl").toString()), "/usr/bin/synod",
                List.of(sidecar.toString())));
    }

    private static List<String> java(Path distribution, String main) {
        Path libraries = distribution.resolve("lib");
        // A cache holds for a class path that begins with the one that it was trained with.
        return List.of(distribution.resolve("runtime/bin/java").toString(),
                "@" + libraries.resolve("synodctl.options"), "-Xmx48m",
                "-XX:AOTCache=" + libraries.resolve("synodctl.aot"), "-cp",
                jar(libraries, "synod-cli-") + File.pathSeparator + System.getProperty("java.class.path"),
                main);
    }

    private static Path jar(Path libraries, String prefix) {
        try (Stream<Path> files = Files.list(libraries)) {
            return files.filter(file -> file.getFileName().toString().startsWith(prefix)).findFirst()
                    .orElseThrow(
                            () -> new IllegalArgumentException("no " + prefix + "*.jar in " + libraries));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether the image can be had. */
    boolean has(@Nullable String image) {
        return image != null && entrypoints.containsKey(image);
    }

    /** What a container runs, before its arguments; empty when that is not in its image. */
    Optional<List<String>> of(Container container) {
        List<String> command = container.getCommand();
        if (command == null || command.isEmpty()) {
            return Optional.ofNullable(entrypoints.get(container.getImage()));
        }
        return Optional.ofNullable(commands.get(command.getFirst())).map(program -> {
            List<String> whole = new ArrayList<>(program);
            whole.addAll(command.subList(1, command.size()));
            return whole;
        });
    }
}
