package dev.synod.testkit;

import dev.synod.node.Resolver;
import dev.synod.testkit.link.LinkProxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The network between members: each dials each other by a name that leads to a proxy for that one link, so
 * that a link can be cut whoever opened it.
 */
final class Links implements AutoCloseable {
    /** Of a link, by the names of both. */
    private record Ends(String dialing, String dialed) {}

    private static final int PORT = 7_401; // part of the address, and nothing more

    private final Map<Ends, LinkProxy> proxies = new HashMap<>();

    /** The address of a member in the configuration. */
    static String address(String name) {
        return name + ":" + PORT;
    }

    /** Where the member {@code dialing} reaches its peers, once they are {@link #open}. */
    Resolver from(String dialing) {
        return address -> {
            LinkProxy proxy = proxy(new Ends(dialing, address.host()));
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), proxy.port());
        };
    }

    private synchronized LinkProxy proxy(Ends ends) throws UnknownHostException {
        LinkProxy proxy = proxies.get(ends);
        if (proxy == null) {
            throw new UnknownHostException(ends.dialed());
        }
        return proxy;
    }

    /** Opens the links to a member that listens on {@code port}, from all the others. */
    synchronized void open(String dialed, int port, List<String> others) throws IOException {
        for (String dialing : others) {
            if (!dialing.equals(dialed)) {
                proxies.put(new Ends(dialing, dialed), new LinkProxy(0, port, (from, to) -> dialing));
            }
        }
    }

    /** Cuts all links of a member, in both directions. */
    synchronized void cut(String name) {
        proxies.forEach((ends, proxy) -> {
            if (ends.dialing().equals(name) || ends.dialed().equals(name)) {
                proxy.cut(ends.dialing());
            }
        });
    }

    /** Heals all links. */
    synchronized void heal() {
        proxies.values().forEach(LinkProxy::heal);
    }

    @Override
    public synchronized void close() throws IOException {
        for (LinkProxy proxy : proxies.values()) {
            proxy.close();
        }
    }
}
