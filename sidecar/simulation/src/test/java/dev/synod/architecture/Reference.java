package dev.synod.architecture;

/**
 * One use of a class or of a member of it, read from a class file.
 *
 * @param from the full name of the class that uses it
 * @param owner the full name of the class that is used
 * @param member the method or field that is used, or the empty string if only the class is named
 */
record Reference(String from, String owner, String member) {

    /** As a person would write it. */
    String text() {
        return owner + (member.isEmpty() ? "" : "." + member);
    }
}
