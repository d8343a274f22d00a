package dev.synod.architecture;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One row of the table of bans.
 *
 * @param rooms where it holds
 * @param owner the full name of a class, or a prefix of such names that ends in {@code *}
 * @param members the methods and fields of the owner that are banned; none means the owner altogether
 * @param why the hazard, completing the sentence "is banned: ..."
 * @param except the classes that may, by full name; their nested classes may too
 */
record Ban(EnumSet<Room> rooms, String owner, Set<String> members, String why, Pattern except) {

    private static final Pattern NOBODY = Pattern.compile("(?!)");

    static Ban in(EnumSet<Room> rooms, String owner, String why) {
        return new Ban(rooms, owner, Set.of(), why, NOBODY);
    }

    /** The same ban, narrowed to these methods and fields. */
    Ban of(String... names) {
        return new Ban(rooms, owner, Set.of(names), why, except);
    }

    /** The same ban, lifted for classes whose full name matches this regular expression. */
    Ban except(String regex) {
        return new Ban(rooms, owner, members, why, Pattern.compile("(" + regex + ")(\\$.*)?"));
    }

    boolean forbids(Reference reference, Room room) {
        return rooms.contains(room)
                && ownerMatches(reference.owner())
                && (members.isEmpty() || members.contains(reference.member()))
                && !except.matcher(reference.from()).matches();
    }

    private boolean ownerMatches(String name) {
        if (owner.endsWith("*")) {
            return name.startsWith(owner.substring(0, owner.length() - 1));
        }
        return name.equals(owner);
    }

    /** How the ban is named in a test report. */
    @Override
    public String toString() {
        List<String> names = members.stream().sorted().toList();
        return owner + (names.isEmpty() ? "" : " " + String.join(", ", names)) + " in " + rooms;
    }
}
