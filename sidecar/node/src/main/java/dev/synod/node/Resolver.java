package dev.synod.node;

import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/**
 * Says where an address of the configuration is to be dialed. Asked anew for each connection, on a thread
 * that may block unless the address {@linkplain HostPort#isLiteral needs no look-up}.
 */
@FunctionalInterface
public interface Resolver {
    /** As this machine's name service has it. */
    Resolver SYSTEM = HostPort::resolve;

    /**
     * Where to connect to.
     *
     * @param address as the configuration has it
     * @throws UnknownHostException when nobody is known there; the link is tried again later
     */
    InetSocketAddress resolve(HostPort address) throws UnknownHostException;
}
