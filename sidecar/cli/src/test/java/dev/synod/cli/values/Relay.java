package dev.synod.cli.values;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/** Passes connections on to a port of this machine, until they are silenced: then they stay open and mute. */
final class Relay implements AutoCloseable {
    private final ServerSocket listening;
    private final int target;
    private final AtomicInteger generation = new AtomicInteger();

    Relay(int target) throws IOException {
        this.target = target;
        listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().start(this::accept);
    }

    String endpoint() {
        return "127.0.0.1:" + listening.getLocalPort();
    }

    /** Nothing passes on the connections of now any more; later ones are passed on. */
    void silenceWhatIsOpen() {
        generation.incrementAndGet();
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket from = listening.accept();
                Socket to = new Socket(InetAddress.getLoopbackAddress(), target);
                int of = generation.get();
                Thread.ofPlatform().daemon().start(() -> pass(from, to, of));
                Thread.ofPlatform().daemon().start(() -> pass(to, from, of));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void pass(Socket from, Socket to, int of) {
        byte[] piece = new byte[8_192];
        try (from; to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
                if (of == generation.get()) {
                    out.write(piece, 0, count);
                }
            }
        } catch (IOException e) {
            // one side is closed, and with it the other
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
