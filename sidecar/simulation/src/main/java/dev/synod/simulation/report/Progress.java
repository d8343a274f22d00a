package dev.synod.simulation.report;

/** One line that says how far a batch is. */
public final class Progress {
    private final long seedsMax;
    private final long secondsMax;

    /** Limits of the batch; 0 for none. */
    public Progress(long seedsMax, long secondsMax) {
        this.seedsMax = seedsMax;
        this.secondsMax = secondsMax;
    }

    /** The line after {@code elapsedNanos} of real time. */
    public String line(Figures figures, long elapsedNanos) {
        double elapsed = elapsedNanos / 1e9;
        double rate = elapsed == 0 ? 0 : figures.seeds() / elapsed;
        StringBuilder line = new StringBuilder();
        line.append(Numbers.grouped(figures.seeds()))
                .append(seedsMax > 0 ? " of " + Numbers.grouped(seedsMax) : "");
        line.append(" seeds, ").append(Numbers.decimal(rate, 1)).append("/s, ");
        line.append(Numbers.decimal(figures.simulatedSeconds() / 3_600, 2)).append(" simulated hours, ");
        line.append(figures.failed()).append(" failed");
        double left = Double.MAX_VALUE;
        if (secondsMax > 0) {
            left = secondsMax - elapsed;
        }
        if (seedsMax > 0 && rate > 0) {
            left = Math.min(left, (seedsMax - figures.seeds()) / rate);
        }
        if (left < Double.MAX_VALUE) {
            line.append(", ").append(Numbers.decimal(Math.max(0, left), 0)).append(" s left");
        }
        return line.toString();
    }
}
