/**
 * TLS 1.3 with mutual authentication between members, agents and operators, and who may call what.
 *
 * <p>In: three files of PEM, which may change at any time. Out: contexts for connections, an interceptor that
 * checks roles. May touch: files of certificates, grpc and Netty's TLS.
 */
@NullMarked
package dev.synod.node.tls;

import org.jspecify.annotations.NullMarked;
