package dev.synod.node;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A host, by name or address, and a port.
 *
 * @param host without brackets
 * @param port 0 takes any that is free
 */
public record HostPort(String host, int port) {
    private static final int PORT_MAX = 65_535;

    /** Reads {@code host:port} or {@code [address]:port}; null when it is neither. */
    public static @Nullable HostPort parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 1) {
            return null;
        }
        String host = text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.indexOf(':') >= 0) {
            return null;
        }
        String digits = text.substring(colon + 1);
        if (host.isBlank() || !digits.matches("\\d{1,5}") || Integer.parseInt(digits) > PORT_MAX) {
            return null;
        }
        return new HostPort(host, Integer.parseInt(digits));
    }

    /** Whether it is on this machine's loopback whatever a name server says. */
    public boolean isLoopback() {
        if (host.toLowerCase(Locale.ROOT).equals("localhost")) {
            return true;
        }
        try {
            return isLiteral() && InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** Whether the host is an address, so that no name server is asked. */
    public boolean isLiteral() {
        return host.indexOf(':') >= 0 || host.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
    }

    /** With the address looked up, which may block unless {@link #isLiteral}. */
    public InetSocketAddress resolve() throws UnknownHostException {
        return new InetSocketAddress(InetAddress.getByName(host), port);
    }

    /** With the host's name left to be looked up later. */
    public InetSocketAddress unresolved() {
        return InetSocketAddress.createUnresolved(host, port);
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
