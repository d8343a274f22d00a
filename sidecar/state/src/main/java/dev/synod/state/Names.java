package dev.synod.state;

/**
 * What is a name. Names are ASCII, so that the order of {@link String}s is the order of their bytes, on every
 * member and in every language that a client is written in.
 */
final class Names {
    private static final char ASCII_MAX = 0x7F;

    private Names() {}

    /** Whether {@code text} is 1 to {@value Limits#NAME_BYTES_MAX} characters of {@code [A-Za-z0-9._/-]}. */
    static boolean isName(String text) {
        if (text.isEmpty() || text.length() > Limits.NAME_BYTES_MAX) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (!isOfName(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isOfName(char c) {
        return c >= 'a' && c <= 'z'
                || c >= 'A' && c <= 'Z'
                || c >= '0' && c <= '9'
                || c == '.' || c == '_' || c == '/' || c == '-';
    }

    /** Whether {@code text} may bound a range: ASCII, and no longer than just after a name. */
    static boolean isBound(String text) {
        if (text.length() > Limits.BOUND_BYTES_MAX) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > ASCII_MAX) {
                return false;
            }
        }
        return true;
    }

    /** Whether {@code text} has a form in UTF-8, and of at most {@value Limits#TEXT_BYTES_MAX} bytes. */
    static boolean isText(String text) {
        int bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ASCII_MAX) {
                bytes += 1;
            } else if (c < 0x800) {
                bytes += 2;
            } else if (!Character.isSurrogate(c)) {
                bytes += 3;
            } else if (i + 1 < text.length() && Character.isSurrogatePair(c, text.charAt(i + 1))) {
                bytes += 4;
                i++;
            } else {
                return false;
            }
            if (bytes > Limits.TEXT_BYTES_MAX) {
                return false;
            }
        }
        return true;
    }
}
