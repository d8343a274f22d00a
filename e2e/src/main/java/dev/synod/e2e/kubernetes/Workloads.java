package dev.synod.e2e.kubernetes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The workload as manifests: in the pods of members, and in pods of its own beside an agent. */
public final class Workloads {
    /** What applications in pods run. */
    static final String IMAGE = "synod.e2e/workload:1";
    /** The same image by another name, for changing to it. */
    public static final String IMAGE_AGAIN = "synod.e2e/workload:again";

    private static final String POD = """
            terminationGracePeriodSeconds: 25
            securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
            containers:
              - name: app
                image: synod.e2e/workload:1
                imagePullPolicy: IfNotPresent
                env:
                  - {name: POD_NAME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
                  - {name: SYNOD_WORKLOAD_SECONDS, value: "%s"}
                resources: {requests: {cpu: 20m, memory: 64Mi}, limits: {memory: 192Mi}}
                securityContext:
                  allowPrivilegeEscalation: false
                  readOnlyRootFilesystem: true
                  capabilities: {drop: [ALL]}
            """;

    private Workloads() {}

    /** Of a cluster's spec: until it is asked to end. */
    static String template() {
        return "template:\n  spec:\n" + POD.formatted("").indent(4);
    }

    /** A Job of so many pods that work for so many seconds. */
    public static String job(int pods, int seconds) {
        return """
                apiVersion: batch/v1
                kind: Job
                metadata:
                  name: workload
                spec:
                  completions: %d
                  parallelism: %d
                  backoffLimit: 0
                  template:
                    metadata:
                      labels: {app: workload}
                    spec:
                      restartPolicy: Never
                """.formatted(pods, pods) + POD.formatted(seconds).indent(6);
    }

    /** The manifest with an agent of a cluster in its pods, as synodctl inject makes it. */
    public static String besideAgent(String manifest, String cluster) {
        try {
            Process inject = new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                    System.getProperty("java.class.path"), dev.synod.cli.Main.class.getName(), "inject", "-f",
                    "-", "--cluster", cluster, "--image", Stage.sidecarImage())
                    .redirectError(ProcessBuilder.Redirect.INHERIT).start();
            try (var input = inject.getOutputStream()) {
                input.write(manifest.getBytes(StandardCharsets.UTF_8));
            }
            String result = new String(inject.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (inject.waitFor() != 0) {
                throw new AssertionError("synodctl inject ended with status " + inject.exitValue());
            }
            return result;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", ended);
        }
    }
}
