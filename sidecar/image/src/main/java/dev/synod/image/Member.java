package dev.synod.image;

import dev.synod.admin.v1.ActivateRequest;
import dev.synod.admin.v1.AdminServiceGrpc;
import dev.synod.admin.v1.AdminServiceGrpc.AdminServiceBlockingStub;
import dev.synod.admin.v1.FormatRequest;
import dev.synod.admin.v1.GetStatusRequest;
import dev.synod.admin.v1.InitialMember;
import dev.synod.admin.v1.MemberStatus;
import dev.synod.admin.v1.TransferLeadershipRequest;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A member on loopback: a process of the distribution with a volume of its own, started and ended as often as
 * wanted. For one thread.
 */
final class Member implements AutoCloseable {
    private static final long CALL_SECONDS = 60;
    private static final int PORTS = 5;

    private final Distribution distribution;
    private final Path folder;
    private final Credentials credentials;
    private final List<String> flags;
    private final List<Integer> ports;
    private final ManagedChannel channel;
    final UUID id = UUID.randomUUID();

    private @Nullable Process process;
    private long startedNanos;

    /**
     * Starts nothing yet.
     *
     * @param folder of this member alone
     * @param flags further settings
     */
    Member(Distribution distribution, Path folder, Credentials credentials, List<String> flags)
            throws IOException {
        this.distribution = distribution;
        this.folder = Files.createDirectories(folder);
        this.credentials = credentials;
        this.flags = flags;
        ports = freePorts();
        channel = Grpc.newChannelBuilder("127.0.0.1:" + ports.get(2), credentials.channel()).build();
    }

    private static List<Integer> freePorts() throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < PORTS; i++) {
                sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            return sockets.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            for (ServerSocket socket : sockets) {
                socket.close();
            }
        }
    }

    /** Where applications reach it. */
    String endpoint() {
        return "127.0.0.1:" + ports.get(0);
    }

    private String peerAddress() {
        return "127.0.0.1:" + ports.get(1);
    }

    // ---- the process --------------------------------------------------------------------------------------

    void start(Distribution.Start how) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "--volume", folder.resolve("volume").toString(), "--member-name",
                folder.getFileName().toString(),
                "--listen-native", endpoint(), "--listen-peers", peerAddress(),
                "--listen-admin", "127.0.0.1:" + ports.get(2),
                "--listen-probes", "127.0.0.1:" + ports.get(3),
                "--listen-http", "127.0.0.1:" + ports.get(4)));
        arguments.addAll(credentials.flags());
        arguments.addAll(flags);
        ProcessBuilder builder = distribution.sidecar(how, arguments)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
        startedNanos = System.nanoTime();
        process = builder.start();
    }

    private Path log() {
        return folder.resolve("log");
    }

    private Process running() {
        if (process == null) {
            throw new IllegalStateException(folder + ": no process was started");
        }
        return process;
    }

    private void checkAlive() {
        if (!running().isAlive()) {
            throw new IllegalStateException(
                    "the member ended with status " + running().exitValue() + "; see " + log());
        }
    }

    /** Waits until a probe finds it started: it has read its volume, or waits for its format. */
    void awaitStarted() {
        Patience.await("the member to start; see " + log(), () -> probe("/healthz/started"));
    }

    /** Waits until a probe finds it fit to serve; nanoseconds since its start. */
    long awaitReady() {
        Patience.await("the member to be ready; see " + log(), () -> probe("/healthz/ready"));
        return System.nanoTime() - startedNanos;
    }

    /** What a scrape returns, to have been asked once. */
    boolean scrape() {
        return probe("/metrics");
    }

    private boolean probe(String path) {
        checkAlive();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), ports.get(3))) {
            socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(CALL_SECONDS));
            OutputStream out = socket.getOutputStream();
            out.write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).startsWith("HTTP/1.1 200 ");
        } catch (IOException e) {
            return false; // not open yet
        }
    }

    /** Of all pages that it has in memory, its own and those of files. */
    double residentMib() throws IOException {
        return memoryMib("VmRSS:");
    }

    /** Of its own pages; those of files are shared with other members, and given up when memory is short. */
    double ownMib() throws IOException {
        return memoryMib("RssAnon:");
    }

    private double memoryMib(String name) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc", String.valueOf(running().pid()), "status"))) {
            if (line.startsWith(name)) {
                return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
            }
        }
        throw new IOException("the kernel says nothing of the memory of process " + running().pid());
    }

    /** Asks it to end, and waits until it has. */
    void end() throws InterruptedException {
        running().destroy();
        if (!running().waitFor(Patience.LONG.toSeconds(), TimeUnit.SECONDS) || running().exitValue() != 0) {
            throw new IllegalStateException("the member did not end well after SIGTERM ("
                    + (running().isAlive() ? "it runs still" : "status " + running().exitValue())
                    + "); see " + log());
        }
    }

    // ---- administration -----------------------------------------------------------------------------------

    private AdminServiceBlockingStub admin() {
        checkAlive();
        return AdminServiceGrpc.newBlockingStub(channel).withDeadlineAfter(CALL_SECONDS, TimeUnit.SECONDS)
                .withWaitForReady();
    }

    MemberStatus status() {
        return admin().getStatus(GetStatusRequest.getDefaultInstance()).getStatus();
    }

    /** Makes members that wait on empty volumes one cluster. */
    static void formCluster(List<Member> members) {
        String cluster = UUID.randomUUID().toString();
        List<InitialMember> voters = members.stream()
                .map(member -> InitialMember.newBuilder()
                        .setMemberId(member.id.toString()).setAddress(member.peerAddress()).build())
                .toList();
        for (Member member : members) {
            member.admin().format(FormatRequest.newBuilder()
                    .setClusterId(cluster).setMemberId(member.id.toString()).addAllVoters(voters).build());
        }
        for (Member member : members) {
            member.admin().activate(ActivateRequest.newBuilder().setClusterId(cluster).build());
        }
        members.forEach(Member::awaitReady);
    }

    boolean leads() {
        return status().getLeader().equals(id.toString());
    }

    /** Has leadership handed to a member, by whoever has it; until it leads, and knows. */
    static void makeLeader(Member wanted, List<Member> members) {
        TransferLeadershipRequest request =
                TransferLeadershipRequest.newBuilder().setTarget(wanted.id.toString()).build();
        Patience.await("a member to lead; see " + wanted.log(), () -> {
            for (Member other : members) {
                try {
                    if (other != wanted && other.leads()) {
                        other.admin().transferLeadership(request);
                    }
                } catch (StatusRuntimeException e) {
                    // It leads no longer, or the other was not ready for it: looked at again.
                    if (e.getStatus().getCode() != Status.Code.FAILED_PRECONDITION
                            && e.getStatus().getCode() != Status.Code.UNAVAILABLE) {
                        throw e;
                    }
                }
            }
            return wanted.leads();
        });
    }

    /** Ends it at once if it runs still. */
    @Override
    public void close() {
        channel.shutdownNow();
        if (process != null) {
            process.destroyForcibly();
        }
    }
}
