package dev.synod.client;

/** Time as this process sees it. */
interface Time {
    /** The system's clocks. */
    Time SYSTEM = new Time() {
        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public long wallMillis() {
            return System.currentTimeMillis();
        }
    };

    /** Monotonic; only differences mean anything. It may stand still while the machine sleeps. */
    long nanos();

    /** Time of day: only good for noticing that the machine slept. */
    long wallMillis();
}
