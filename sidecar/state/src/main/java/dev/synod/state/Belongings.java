package dev.synod.state;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * What belongs to which session, so that its end costs what it owns and not what there is. Derived, and kept
 * in step with the elements by whoever keeps those.
 */
final class Belongings {
    /**
     * One claim, or one bound key.
     *
     * @param session whose
     * @param name of the lock, election or key
     * @param owner within the session; empty for a key
     */
    private record Belonging(long session, String name, String owner) implements Comparable<Belonging> {
        @Override
        public int compareTo(Belonging other) {
            int order = Long.compare(session, other.session);
            order = order != 0 ? order : name.compareTo(other.name);
            return order != 0 ? order : owner.compareTo(other.owner);
        }
    }

    private final TreeSet<Belonging> all = new TreeSet<>();

    void add(long session, String name, String owner) {
        all.add(new Belonging(session, name, owner));
    }

    void remove(long session, String name, String owner) {
        all.remove(new Belonging(session, name, owner));
    }

    /** Names that something of {@code session} is about, ascending, each once. */
    List<String> namesOf(long session) {
        List<String> names = new ArrayList<>();
        for (Belonging belonging : of(session)) {
            if (names.isEmpty() || !names.getLast().equals(belonging.name)) {
                names.add(belonging.name);
            }
        }
        return names;
    }

    /** Owners of {@code session} with something that is about {@code name}, ascending. */
    List<String> ownersOf(long session, String name) {
        List<String> owners = new ArrayList<>();
        for (Belonging belonging : all.tailSet(new Belonging(session, name, ""))) {
            if (belonging.session != session || !belonging.name.equals(name)) {
                break;
            }
            owners.add(belonging.owner);
        }
        return owners;
    }

    /** Whether everything belongs to a session that {@code sessions} knows. */
    boolean belongTo(Sessions sessions) {
        for (Belonging belonging : all) {
            if (sessions.find(belonging.session) == null) {
                return false;
            }
        }
        return true;
    }

    private Iterable<Belonging> of(long session) {
        return all.subSet(new Belonging(session, "", ""), new Belonging(session + 1, "", ""));
    }
}
