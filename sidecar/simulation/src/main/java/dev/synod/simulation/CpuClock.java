package dev.synod.simulation;

import java.lang.management.ManagementFactory;

/** Time that cores spent on this process, whatever else the machine does. */
final class CpuClock {
    private CpuClock() {}

    /** Nanoseconds of all threads together, those of the JVM included. */
    static long processNanos() {
        return ManagementFactory
                .getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                        ? system.getProcessCpuTime()
                        : System.nanoTime();
    }
}
