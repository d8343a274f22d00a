package dev.synod.testkit.link;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Stands before one member's peer port: its peers dial this. A link that is cut passes nothing on in either
 * direction and closes nothing, as a network does that loses packets; healed, what waited goes on.
 */
public final class LinkProxy implements AutoCloseable {
    /** Knows whose a connection is. */
    public interface Dialer {
        /** Name of the member that dialed; null when it is none's. */
        @Nullable
        String of(int dialedFrom, int dialedTo);
    }

    private static final int PIECE_BYTES = 64 << 10;

    private final ServerSocket listening;
    private final int targetPort;
    private final Dialer dialer;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Set<String> cut = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * Listens on loopback.
     *
     * @param port to listen on; 0 for any
     * @param targetPort of the member
     * @param dialer names the member that dialed
     * @throws IOException when the port cannot be had
     */
    public LinkProxy(int port, int targetPort, Dialer dialer) throws IOException {
        this.listening = new ServerSocket(port, 64, InetAddress.getLoopbackAddress());
        this.targetPort = targetPort;
        this.dialer = dialer;
        Thread.ofVirtual().name("proxy-" + port).start(this::accept);
    }

    /** What to dial. */
    public int port() {
        return listening.getLocalPort();
    }

    /** Cuts the links that {@code member} dialed, or will dial, to here. */
    public void cut(String member) {
        cut.add(member);
    }

    /** Heals all links. */
    public void heal() {
        cut.clear();
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void accept() {
        while (!closed) {
            try {
                Socket from = listening.accept();
                open.add(from);
                Thread.ofVirtual().start(() -> link(from));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void link(Socket from) {
        String member = dialer.of(from.getPort(), port());
        String name = member == null ? "" : member;
        Socket to = new Socket();
        open.add(to);
        try {
            awaitPassage(name);
            to.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), targetPort), 1_000);
            from.setTcpNoDelay(true);
            to.setTcpNoDelay(true);
            Thread back = Thread.ofVirtual().start(() -> pump(name, to, from));
            pump(name, from, to);
            back.join();
        } catch (IOException e) {
            close(from); // nobody listens there: as when it is dialed directly
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            close(from);
            close(to);
            open.remove(from);
            open.remove(to);
        }
    }

    private void pump(String name, Socket from, Socket to) {
        byte[] piece = new byte[PIECE_BYTES];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
                awaitPassage(name);
                out.write(piece, 0, read);
                out.flush();
            }
            awaitPassage(name);
        } catch (IOException e) {
            // One end closed; the other learns it below.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        close(from);
        close(to);
    }

    private void awaitPassage(String name) throws InterruptedException {
        if (!cut.contains(name)) {
            return;
        }
        lock.lock();
        try {
            while (cut.contains(name) && !closed) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is of no use any more either way.
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        listening.close();
        heal();
        open.forEach(LinkProxy::close);
    }
}
