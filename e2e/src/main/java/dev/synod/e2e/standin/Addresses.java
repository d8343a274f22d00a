package dev.synod.e2e.standin;

import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Addresses of pods, each used once, and the hosts file by which their processes find each other. Safe for
 * threads.
 */
final class Addresses {
    private static final int TRIED_PORT = 7_401;
    private static final int LAST = 250;

    private final Path hosts;
    private final Map<String, String> lines = new TreeMap<>();
    private final String prefix;
    private int third;
    private int last = 1;

    Addresses(Path hosts) {
        this.hosts = hosts;
        // Another run on this machine draws another one, and whoever is there is not disturbed.
        prefix = "127." + (64 + new Random().nextInt(180)) + ".";
        write();
    }

    /** What -Djdk.net.hosts.file takes. */
    Path hosts() {
        return hosts;
    }

    /** One that no pod had. */
    synchronized String draw() {
        while (true) {
            last++;
            if (last > LAST) {
                third++;
                last = 1;
            }
            String address = prefix + third + "." + last;
            if (isFree(address)) {
                return address;
            }
        }
    }

    private static boolean isFree(String address) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getByName(address), TRIED_PORT));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    /** The pod is found by its names from now on, as DNS tells them of a headless Service. */
    synchronized void publish(Pod pod, String address) {
        String host = pod.getSpec().getHostname();
        String service = pod.getSpec().getSubdomain();
        if (host == null || service == null) {
            return;
        }
        String zone = service + "." + pod.getMetadata().getNamespace() + ".svc";
        lines.put(pod.getMetadata().getUid(), address + " " + host + "." + zone + " " + host + "." + zone
                + ".cluster.local " + zone + " " + zone + ".cluster.local");
        write();
    }

    /** It is not any more. */
    synchronized void withdraw(String uid) {
        if (lines.remove(uid) != null) {
            write();
        }
    }

    private void write() {
        Path next = hosts.resolveSibling(hosts.getFileName() + ".new");
        try {
            Files.writeString(next, "127.0.0.1 localhost\n" + String.join("\n", lines.values()) + "\n");
            Files.move(next, hosts, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
