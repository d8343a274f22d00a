package dev.synod.state;

import dev.synod.paxos.Ballot;
import dev.synod.paxos.Bytes;
import java.util.UUID;

/**
 * One immutable piece of the state. A state is its header and the sum of its elements; a snapshot is their
 * forms, in the order of their places. What is not an element is derived from elements.
 */
sealed interface Element {
    /** Where in a snapshot it stands; no two elements of a state have one place. */
    Place place();

    /**
     * A place in a snapshot: the fields are compared in order.
     *
     * @param type of the element: {@link ElementCodec}'s number
     * @param group a session, or 0
     * @param name a lock, an election, a key, or empty
     * @param number what else tells it from its neighbours
     * @param owner likewise
     */
    record Place(int type, long group, String name, long number, String owner) implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            int order = Integer.compare(type, other.type);
            order = order != 0 ? order : Long.compare(group, other.group);
            order = order != 0 ? order : name.compareTo(other.name);
            order = order != 0 ? order : Long.compare(number, other.number);
            return order != 0 ? order : owner.compareTo(other.owner);
        }
    }

    /**
     * What there is one of.
     *
     * @param clusterId whose state
     * @param index of the last entry applied
     * @param revision of the last grant or change
     * @param compacted the lowest revision that can be read
     * @param nextSession id of the session to be opened next
     * @param term of the last leader established
     */
    record Header(UUID clusterId, long index, long revision, long compacted, long nextSession, Ballot term)
            implements Element {
        @Override
        public Place place() {
            return new Place(ElementCodec.HEADER, 0, "", 0, "");
        }
    }

    /** A session. */
    record OfSession(Session session) implements Element {
        @Override
        public Place place() {
            return new Place(ElementCodec.SESSION, session.id(), "", 0, "");
        }
    }

    /** A reply that its session has not acknowledged, in {@link ReplyCodec}'s form. */
    record OfReply(long session, long request, Bytes reply) implements Element {
        @Override
        public Place place() {
            return new Place(ElementCodec.REPLY, session, "", request, "");
        }
    }

    /** A holder of a lock. */
    record OfHolder(String name, Holder holder) implements Element {
        @Override
        public Place place() {
            Claimant claimant = holder.claimant();
            return new Place(ElementCodec.HOLDER, 0, name, claimant.session(), claimant.owner());
        }
    }

    /** A waiter in the queue of a lock. */
    record OfWaiter(String name, Waiter waiter) implements Element {
        @Override
        public Place place() {
            return new Place(ElementCodec.WAITER, 0, name, waiter.ticket(), "");
        }
    }

    /** The leader of an election. */
    record OfLeader(String name, Leader leader) implements Element {
        @Override
        public Place place() {
            return new Place(ElementCodec.LEADER, 0, name, 0, "");
        }
    }

    /** A candidate in the queue of an election. */
    record OfCandidate(String name, Candidate candidate) implements Element {
        @Override
        public Place place() {
            return new Place(ElementCodec.CANDIDATE, 0, name, candidate.ticket(), "");
        }
    }

    /** One version of a value. */
    record OfVersion(String key, Version version) implements Element {
        @Override
        public Place place() {
            return new Place(ElementCodec.VERSION, 0, key, version.modRevision(), "");
        }
    }
}
