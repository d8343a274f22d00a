package dev.synod.client;

/** What is a name; checked here as well, so that a wrong one fails where it is written down. */
final class Names {
    private static final int LENGTH_MAX = 256;
    private static final int SHOWN_MAX = 64;

    private Names() {}

    /**
     * {@code name} itself.
     *
     * @param what it is the name of, for the text
     * @param namespace counts into its length
     */
    static String checked(String what, String name, String namespace) {
        if (name.isEmpty() || namespace.length() + 1 + name.length() > LENGTH_MAX || !isPlain(name)) {
            throw new IllegalArgumentException("the name of the " + what + " is " + quoted(name)
                    + "; allowed are letters, digits and ._/- of ASCII, at least one and,"
                    + " with the namespace \"" + namespace + "\" and a / before it, at most " + LENGTH_MAX
                    + " characters");
        }
        return name;
    }

    private static String quoted(String name) {
        return name.length() <= SHOWN_MAX
                ? '"' + name + '"'
                : '"' + name.substring(0, SHOWN_MAX) + "...\" of " + name.length() + " characters";
    }

    private static boolean isPlain(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean plain = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
                    || c == '.' || c == '_' || c == '/' || c == '-';
            if (!plain) {
                return false;
            }
        }
        return true;
    }
}
