package dev.synod.image;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A folder distribution, as {@code sidecar/image/build} makes it.
 *
 * @param home the folder that holds {@code bin}, {@code lib} and {@code runtime}
 */
record Distribution(Path home) {
    /** How a program's JVM is started, beyond its options. */
    sealed interface Start {
        /** As shipped. */
        record Shipped() implements Start {}

        /** Without an AOT cache. */
        record Uncached() implements Start {}

        /** To write an AOT cache when it ends; the path must not hold a space. */
        record Training(Path cache) implements Start {}
    }

    static Distribution in(String folder) {
        Path home = Path.of(folder).toAbsolutePath().normalize();
        if (!Files.isExecutable(home.resolve("bin/synod"))) {
            throw new IllegalArgumentException("'" + home
                    + "' is no distribution, it has no bin/synod: build one with sidecar/image/build");
        }
        return new Distribution(home);
    }

    /** The sidecar. */
    ProcessBuilder sidecar(Start start, List<String> arguments) {
        return program("synod", start, arguments);
    }

    /** synodctl. */
    ProcessBuilder synodctl(Start start, List<String> arguments) {
        return program("synodctl", start, arguments);
    }

    private ProcessBuilder program(String name, Start start, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(home.resolve("bin").resolve(name).toString());
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(variable -> variable.startsWith("SYNOD_"));
        switch (start) {
            case Start.Shipped() -> {}
            case Start.Uncached() -> environment.put("SYNOD_AOT_CACHE", "none");
            case Start.Training(Path cache) -> {
                environment.put("SYNOD_AOT_CACHE", "none");
                // Profiles would help C2 alone, which does not run, and take a third of the cache.
                environment.put("SYNOD_JAVA_OPTIONS", "-XX:+UnlockDiagnosticVMOptions -XX:-AOTRecordTraining"
                        + " -XX:AOTCacheOutput=" + cache);
            }
        }
        return builder;
    }
}
