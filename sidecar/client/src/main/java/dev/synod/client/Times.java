package dev.synod.client;

import com.google.protobuf.Duration;
import java.util.concurrent.TimeUnit;

/** Durations between Java and protobuf. */
final class Times {
    private Times() {}

    static long nanos(Duration duration) {
        return TimeUnit.SECONDS.toNanos(duration.getSeconds()) + duration.getNanos();
    }

    static Duration proto(long nanos) {
        long perSecond = TimeUnit.SECONDS.toNanos(1);
        return Duration.newBuilder().setSeconds(nanos / perSecond).setNanos((int) (nanos % perSecond))
                .build();
    }

    /** In nanoseconds; what is longer than 292 years is {@link Long#MAX_VALUE}. */
    static long nanos(java.time.Duration duration) {
        try {
            return duration.toNanos();
        } catch (ArithmeticException veryLong) {
            return duration.isNegative() ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }
}
