package dev.synod.cli.dev;

import dev.synod.cli.CommandException;
import dev.synod.cli.ExitStatus;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/**
 * The ports of one process, all on loopback.
 *
 * @param api native gRPC
 * @param peers members and agents
 * @param admin administration
 * @param probes metrics and probes
 * @param http the door
 */
record Ports(int api, int peers, int admin, int probes, int http) {
    private static final int FIRST = 7_400;
    private static final int STEP = 10;
    private static final int MEMBERS_MAX = 71;

    List<Integer> all() {
        return List.of(api, peers, admin, probes, http);
    }

    static String loopback(int port) {
        return "127.0.0.1:" + port;
    }

    /** Of the member at a place: 7400 to 7404, 7410 to 7414, and so on, while they are free; else any. */
    static Ports ofMember(int place) {
        int first = FIRST + STEP * place;
        Ports wanted = new Ports(first, first + 1, first + 2, first + 3, first + 4);
        boolean free = place < MEMBERS_MAX;
        for (int port : wanted.all()) {
            free = free && isFree(port);
        }
        return free ? wanted : any();
    }

    /** Ports that nobody listens at. */
    static Ports any() {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < 5; i++) {
                sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            List<Integer> ports = sockets.stream().map(ServerSocket::getLocalPort).toList();
            return new Ports(ports.get(0), ports.get(1), ports.get(2), ports.get(3), ports.get(4));
        } catch (IOException e) {
            throw new CommandException(ExitStatus.UNAVAILABLE,
                    "no free port on 127.0.0.1: " + e.getMessage() + "; end other programs and try again", e);
        } finally {
            sockets.forEach(Ports::close);
        }
    }

    private static void close(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new CommandException(ExitStatus.UNAVAILABLE, "cannot give a port back: " + e.getMessage(),
                    e);
        }
    }

    /** Whether somebody could listen at a port now. */
    static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
