package dev.synod.cli.dev;

import dev.synod.cli.Spans;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a member or an agent is started: by the launcher that the system property {@code synod.sidecar} names,
 * else on the class path of this program, with flags for a small process.
 */
final class JavaProgram {
    private static final Path SHELL = Path.of("/bin/sh");
    private static final String MAIN = "dev.synod.node.Main";

    /** Of the image's own options those that matter without its AOT cache: small, and gone when memory is. */
    static final List<String> FLAGS = List.of(
            "-XX:+UseSerialGC", "-Xms16m", "-Xmx64m", "-Xmn4m", "-XX:MinHeapFreeRatio=10",
            "-XX:MaxHeapFreeRatio=25", "-Xss512k", "-XX:TieredStopAtLevel=1",
            "-XX:ReservedCodeCacheSize=24m", "-XX:MaxMetaspaceSize=64m", "-XX:MaxDirectMemorySize=32m",
            "-XX:+UseCompactObjectHeaders", "-XX:-UsePerfData", "-XX:TrimNativeHeapInterval=5000",
            "-XX:ActiveProcessorCount=2", "-XX:+ExitOnOutOfMemoryError",
            "-Dslf4j.internal.verbosity=WARN",
            "-Dio.netty.allocator.type=pooled", "-Dio.netty.allocator.numDirectArenas=1",
            "-Dio.netty.allocator.numHeapArenas=0", "-Dio.netty.allocator.maxOrder=3",
            "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");

    private JavaProgram() {}

    static ProcessBuilder of(List<String> arguments) {
        String more = System.getenv("SYNOD_MEMBER_JAVA_OPTIONS");
        String launcher = System.getProperty("synod.sidecar");
        List<String> command = new ArrayList<>(deafToKeyboard());
        command.addAll(launcher == null ? ofThisProgram(more) : List.of(launcher));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("MALLOC_ARENA_MAX", "2");
        // What is set for an application here is not meant for the members.
        builder.environment().keySet().removeIf(name -> name.startsWith("SYNOD_"));
        if (launcher != null && more != null) {
            builder.environment().put("SYNOD_JAVA_OPTIONS", more);
        }
        return builder;
    }

    /**
     * Ctrl-C reaches every process of the terminal's group at once, and these must outlive the application;
     * a signal that is ignored at the start stays ignored, and TERM still ends them. Nothing without a shell.
     */
    private static List<String> deafToKeyboard() {
        return Files.isExecutable(SHELL)
                ? List.of(SHELL.toString(), "-c", "trap '' INT; exec \"$@\"", "sh")
                : List.of();
    }

    /** From the tree: there is no launcher, which would know the flags and the AOT cache. */
    private static List<String> ofThisProgram(@Nullable String more) {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(FLAGS);
        if (more != null && !more.isBlank()) {
            command.addAll(List.of(more.strip().split("\\s+")));
        }
        command.add("-cp");
        command.add(System.getProperty("java.class.path", ""));
        command.add(MAIN);
        return command;
    }

    /** Of a member on its volume. */
    static List<String> member(Plan plan, MemberPlan member, ClusterFile file, StateFolder state) {
        List<String> arguments = new ArrayList<>(List.of(
                "--volume", state.volume(member).toString(),
                "--heartbeat", Spans.text(file.heartbeat()),
                "--election-timeout", Spans.text(file.electionTimeout())));
        arguments.addAll(common(plan.name(), member.name(), member.ports()));
        return arguments;
    }

    /** Of an agent that forwards to members. */
    static List<String> agent(String cluster, List<String> peers, Ports ports) {
        List<String> arguments = new ArrayList<>(List.of(
                "--form", "agent", "--members", String.join(",", peers)));
        arguments.addAll(common(cluster, "agent", ports));
        return arguments;
    }

    private static List<String> common(String cluster, String name, Ports ports) {
        return List.of("--cluster-name", cluster, "--member-name", name, "--insecure-peers",
                "--listen-native", Ports.loopback(ports.api()),
                "--listen-http", Ports.loopback(ports.http()),
                "--listen-peers", Ports.loopback(ports.peers()),
                "--listen-admin", Ports.loopback(ports.admin()),
                "--listen-probes", Ports.loopback(ports.probes()));
    }
}
