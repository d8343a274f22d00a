package dev.synod.simulation.report;

/** Numbers as people read them, whatever the locale of the machine. */
public final class Numbers {
    private Numbers() {}

    /** With this many places, rounded half up; a point, no grouping. */
    public static String decimal(double value, int places) {
        long scale = 1;
        for (int i = 0; i < places; i++) {
            scale *= 10;
        }
        long scaled = Math.round(Math.abs(value) * scale);
        StringBuilder text = new StringBuilder(value < 0 && scaled != 0 ? "-" : "").append(scaled / scale);
        if (places > 0) {
            String fraction = Long.toString(scaled % scale);
            text.append('.').append("0".repeat(places - fraction.length())).append(fraction);
        }
        return text.toString();
    }

    /** With a comma between thousands. */
    public static String grouped(long value) {
        String digits = Long.toString(Math.abs(value));
        StringBuilder text = new StringBuilder(value < 0 ? "-" : "");
        for (int i = 0; i < digits.length(); i++) {
            if (i > 0 && (digits.length() - i) % 3 == 0) {
                text.append(',');
            }
            text.append(digits.charAt(i));
        }
        return text.toString();
    }

    /** A seed as it is printed and read. */
    public static String seed(long seed) {
        return "0x" + Long.toHexString(seed);
    }
}
