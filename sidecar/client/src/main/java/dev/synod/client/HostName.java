package dev.synod.client;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What this pod or host is called. */
final class HostName {
    private HostName() {}

    /** As the environment says, or else the system: most shells do not export HOSTNAME. */
    static String current() {
        return of(System::getenv);
    }

    static String of(UnaryOperator<@Nullable String> environment) {
        for (String variable : new String[] {"POD_NAME", "HOSTNAME"}) {
            String value = environment.apply(variable);
            if (value != null && !value.isEmpty()) {
                return value;
            }
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "pid " + ProcessHandle.current().pid(); // the host's name has no address
        }
    }
}
