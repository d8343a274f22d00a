package dev.synod.simulation.port;

import dev.synod.paxos.SeededRandom;
import java.util.Arrays;

/** The values of all {@link Knob}s of a run; with the seed, its identity. Immutable. */
public final class Knobs {
    private static final Knob[] ALL = Knob.values();
    private static final int PER_RATE = 1_000;
    private static final int PER_CHANCE = 1_000_000;

    private final long[] values;

    private Knobs(long[] values) {
        this.values = values;
    }

    /**
     * Draws all knobs of a seed. In a third of the seeds each family of faults is then off with a chance of a
     * half.
     */
    public static Knobs draw(long seed) {
        SeededRandom swarm = new SeededRandom(seed).child("swarm");
        Knobs knobs = new Knobs(new long[ALL.length]);
        for (Knob knob : ALL) {
            knobs.values[knob.ordinal()] = knob.draw(swarm.child(knob.text()), knobs);
        }
        if (swarm.child("omission").chance(1.0 / 3)) {
            for (FaultFamily family : FaultFamily.values()) {
                if (swarm.child("omission of " + family.name()).chance(0.5)) {
                    knobs.switchOff(family);
                }
            }
        }
        return knobs;
    }

    private void switchOff(FaultFamily family) {
        for (Knob knob : ALL) {
            if (knob.family() == family) {
                values[knob.ordinal()] = 0;
            }
        }
    }

    /** The value in the knob's unit. */
    public long get(Knob knob) {
        return values[knob.ordinal()];
    }

    /** The value of a {@link Knob.Unit#COUNT}. */
    public int count(Knob knob) {
        return Math.toIntExact(get(knob));
    }

    /** The value of a {@link Knob.Unit#CHANCE}, as a fraction. */
    public double chance(Knob knob) {
        return (double) get(knob) / PER_CHANCE;
    }

    /** The value of a {@link Knob.Unit#SWITCH}. */
    public boolean isOn(Knob knob) {
        return get(knob) != 0;
    }

    /** These, with one changed; {@code value} is in the knob's unit. */
    public Knobs with(Knob knob, long value) {
        long[] changed = values.clone();
        changed[knob.ordinal()] = value;
        return new Knobs(changed);
    }

    /** These, with all knobs of a family at 0: it does not occur. */
    public Knobs without(FaultFamily family) {
        Knobs changed = new Knobs(values.clone());
        changed.switchOff(family);
        return changed;
    }

    /**
     * These, with some changed as {@code changes} says: {@code "loss=0 clients=1 electionTimeout=500ms"}.
     *
     * @throws IllegalArgumentException when that names no knob, or a value that is not of its unit
     */
    public Knobs with(String changes) {
        long[] changed = values.clone();
        int from = 0;
        for (int at = 0; at <= changes.length(); at++) {
            if (at == changes.length() || Character.isWhitespace(changes.charAt(at))) {
                if (at > from) {
                    change(changed, changes.substring(from, at));
                }
                from = at + 1;
            }
        }
        return new Knobs(changed);
    }

    private static void change(long[] values, String change) {
        int equals = change.indexOf('=');
        String name = equals < 0 ? change : change.substring(0, equals);
        for (Knob knob : ALL) {
            if (knob.text().equals(name)) {
                if (equals < 0) {
                    throw new IllegalArgumentException("knob '" + name + "' needs a value: " + name + "=...");
                }
                values[knob.ordinal()] = parse(knob, change.substring(equals + 1));
                return;
            }
        }
        StringBuilder names = new StringBuilder();
        for (Knob knob : ALL) {
            names.append(' ').append(knob.text());
        }
        throw new IllegalArgumentException("'" + name + "' is no knob; the knobs are:" + names);
    }

    private static long parse(Knob knob, String text) {
        try {
            return switch (knob.unit()) {
                case COUNT -> Long.parseLong(text);
                case DURATION -> parseDuration(text);
                case CHANCE -> parseDecimal(text, PER_CHANCE);
                case RATE -> parseDecimal(text, PER_RATE);
                case SWITCH -> parseSwitch(text);
            };
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "knob '" + knob.text() + "' cannot be '" + text + "': wanted is "
                            + wanted(knob.unit()),
                    e);
        }
    }

    private static String wanted(Knob.Unit unit) {
        return switch (unit) {
            case COUNT -> "a whole number";
            case DURATION -> "a whole number with ns, us, ms or s";
            case CHANCE -> "a fraction such as 0.03, of at most 6 places";
            case RATE -> "a number a minute such as 1.5, of at most 3 places";
            case SWITCH -> "0 or 1";
        };
    }

    private static long parseSwitch(String text) {
        if (!text.equals("0") && !text.equals("1")) {
            throw new NumberFormatException(text);
        }
        return Long.parseLong(text);
    }

    private static long parseDuration(String text) {
        int digits = 0;
        while (digits < text.length() && Character.isDigit(text.charAt(digits))) {
            digits++;
        }
        long number = Long.parseLong(text.substring(0, digits));
        return switch (text.substring(digits)) {
            case "ns" -> number;
            case "us" -> Math.multiplyExact(number, 1_000L);
            case "ms" -> Math.multiplyExact(number, 1_000_000L);
            case "s" -> Math.multiplyExact(number, 1_000_000_000L);
            default -> throw new NumberFormatException(text);
        };
    }

    /** By hand, because a double would not give back what was written. */
    private static long parseDecimal(String text, int scale) {
        int point = text.indexOf('.');
        long whole = Long.parseLong(point < 0 ? text : text.substring(0, point));
        long value = Math.multiplyExact(whole, (long) scale);
        int place = scale;
        for (int at = point < 0 ? text.length() : point + 1; at < text.length(); at++) {
            place /= 10;
            int digit = text.charAt(at) - '0';
            if (place == 0 || digit < 0 || digit > 9) {
                throw new NumberFormatException(text);
            }
            value += (long) digit * place;
        }
        return value;
    }

    /** One line that {@link #with(String)} reads back. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Knob knob : ALL) {
            text.append(text.isEmpty() ? "" : " ").append(knob.text()).append('=').append(text(knob));
        }
        return text.toString();
    }

    /** One value as it is written. */
    public String text(Knob knob) {
        long value = get(knob);
        return switch (knob.unit()) {
            case COUNT, SWITCH -> Long.toString(value);
            case DURATION -> durationText(value);
            case CHANCE -> decimalText(value, PER_CHANCE);
            case RATE -> decimalText(value, PER_RATE);
        };
    }

    private static String durationText(long nanos) {
        if (nanos % 1_000_000_000 == 0) {
            return nanos / 1_000_000_000 + "s";
        }
        if (nanos % 1_000_000 == 0) {
            return nanos / 1_000_000 + "ms";
        }
        return nanos % 1_000 == 0 ? nanos / 1_000 + "us" : nanos + "ns";
    }

    private static String decimalText(long value, int scale) {
        StringBuilder text = new StringBuilder().append(value / scale);
        long rest = value % scale;
        if (rest != 0) {
            text.append('.');
            for (int place = scale / 10; rest != 0; place /= 10) {
                text.append((char) ('0' + rest / place));
                rest %= place;
            }
        }
        return text.toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Knobs knobs && Arrays.equals(values, knobs.values);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }
}
