package dev.synod.paxos;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The members of a cluster as they stand after some entry of the log. Voters change only with the epoch
 * (StopSign); observers change by ordinary entries within it.
 *
 * @param epoch the epoch these voters govern, from 0
 * @param voters in order of their numbers; empty only in {@link #NONE}
 * @param observers in order of their numbers
 * @param nextNumber the number that the next new UUID receives; above every number ever allotted
 * @param quorums of the voters
 */
public record Configuration(
        int epoch, List<Member> voters, List<Member> observers, int nextNumber, Quorums quorums) {
    /** Most voters a cluster may have (I11). */
    public static final int VOTERS_MAX = 7;

    /** Most observers a cluster may have. */
    public static final int OBSERVERS_MAX = 64;

    /** Longest address in bytes. */
    public static final int ADDRESS_BYTES_MAX = 256;

    /** What a newcomer holds before it received its first snapshot: it belongs to nothing and never votes. */
    public static final Configuration NONE =
            new Configuration(0, List.of(), List.of(), 1, new Quorums(0, 0, 0));

    /** Checks sizes, order, distinct numbers and UUIDs, and that the quorums meet (I11). */
    public Configuration {
        voters = List.copyOf(voters);
        observers = List.copyOf(observers);
        String wrong = wrong(epoch, voters, observers, nextNumber, quorums);
        if (wrong != null) {
            throw new IllegalArgumentException(wrong);
        }
    }

    /** The first configuration of a cluster: voters numbered from 1 in the order given, majorities. */
    public static Configuration initial(List<UUID> uuids, List<String> addresses) {
        List<Member> voters = new ArrayList<>();
        for (int i = 0; i < uuids.size(); i++) {
            voters.add(new Member(i + 1, uuids.get(i), addresses.get(i)));
        }
        return new Configuration(0, voters, List.of(), uuids.size() + 1, Quorums.majority(uuids.size()));
    }

    private static @Nullable String wrong(
            int epoch, List<Member> voters, List<Member> observers, int nextNumber, Quorums quorums) {
        if (epoch < 0) {
            return "epoch " + epoch + " is negative";
        }
        if (voters.size() > VOTERS_MAX) {
            return voters.size() + " voters; at most " + VOTERS_MAX + " are allowed";
        }
        if (observers.size() > OBSERVERS_MAX) {
            return observers.size() + " observers; at most " + OBSERVERS_MAX + " are allowed";
        }
        if (!voters.isEmpty() && !quorums.fit(voters.size())) {
            return quorums + " do not meet among " + voters.size() + " voters";
        }
        String inVoters = wrongOrder(voters, nextNumber);
        if (inVoters != null) {
            return inVoters;
        }
        String inObservers = wrongOrder(observers, nextNumber);
        if (inObservers != null) {
            return inObservers;
        }
        for (Member observer : observers) {
            if (indexOf(voters, observer.uuid()) >= 0) {
                return observer.uuid() + " is both voter and observer";
            }
            if (isNumberOf(voters, observer.number())) {
                return "number " + observer.number() + " names a voter and an observer";
            }
        }
        return null;
    }

    private static @Nullable String wrongOrder(List<Member> members, int nextNumber) {
        int previous = 0;
        for (int i = 0; i < members.size(); i++) {
            Member member = members.get(i);
            if (member.number() <= previous || member.number() >= nextNumber) {
                return "member number " + member.number() + " is out of order or not below " + nextNumber;
            }
            previous = member.number();
            for (int j = 0; j < i; j++) {
                if (members.get(j).uuid().equals(member.uuid())) {
                    return member.uuid() + " appears twice";
                }
            }
        }
        return null;
    }

    private static boolean isNumberOf(List<Member> members, int number) {
        for (Member member : members) {
            if (member.number() == number) {
                return true;
            }
        }
        return false;
    }

    private static int indexOf(List<Member> members, UUID uuid) {
        for (int i = 0; i < members.size(); i++) {
            if (members.get(i).uuid().equals(uuid)) {
                return i;
            }
        }
        return -1;
    }

    /** Slot of the voter with this UUID in {@link #voters()}, or -1. */
    public int voterSlot(UUID uuid) {
        return indexOf(voters, uuid);
    }

    /** Whether the UUID is a voter. */
    public boolean isVoter(UUID uuid) {
        return indexOf(voters, uuid) >= 0;
    }

    /** Whether the UUID is an observer. */
    public boolean isObserver(UUID uuid) {
        return indexOf(observers, uuid) >= 0;
    }

    /** The voter or observer with this UUID, or null. */
    public @Nullable Member member(UUID uuid) {
        int slot = indexOf(voters, uuid);
        if (slot >= 0) {
            return voters.get(slot);
        }
        slot = indexOf(observers, uuid);
        return slot >= 0 ? observers.get(slot) : null;
    }

    /** The voter with this number, or null. */
    public @Nullable Member voterNumbered(int number) {
        for (Member voter : voters) {
            if (voter.number() == number) {
                return voter;
            }
        }
        return null;
    }

    /** Voters and observers together. */
    public List<Member> everyone() {
        List<Member> everyone = new ArrayList<>(voters.size() + observers.size());
        everyone.addAll(voters);
        everyone.addAll(observers);
        return everyone;
    }

    /** The configuration after {@code payload} is decided; this one when it changes nothing here. */
    public Configuration after(Payload payload) {
        return switch (payload) {
            case Payload.StopSign stop -> stop.next();
            case Payload.AddObserver add -> withObserver(add.uuid(), add.address());
            case Payload.RemoveObserver remove -> withoutObserver(remove.uuid());
            case Payload.LeaderStart start -> this;
            case Payload.Command command -> this;
        };
    }

    private Configuration withObserver(UUID uuid, String address) {
        if (member(uuid) != null || observers.size() >= OBSERVERS_MAX) {
            return this;
        }
        List<Member> next = new ArrayList<>(observers);
        next.add(new Member(nextNumber, uuid, address));
        return new Configuration(epoch, voters, next, nextNumber + 1, quorums);
    }

    private Configuration withoutObserver(UUID uuid) {
        if (!isObserver(uuid)) {
            return this;
        }
        List<Member> next = new ArrayList<>(observers);
        next.removeIf(member -> member.uuid().equals(uuid));
        return new Configuration(epoch, voters, next, nextNumber, quorums);
    }

    /**
     * The configuration of the next epoch, with the voters named by {@code uuids}: each a voter or an
     * observer of this one. Voters left out leave the cluster; observers not promoted stay.
     *
     * @throws IllegalArgumentException when a UUID is unknown here or the result breaks a bound
     */
    public Configuration nextEpoch(List<UUID> uuids) {
        List<Member> nextVoters = new ArrayList<>();
        for (UUID uuid : uuids) {
            Member member = member(uuid);
            if (member == null) {
                throw new IllegalArgumentException(uuid + " is neither voter nor observer of epoch " + epoch);
            }
            nextVoters.add(member);
        }
        nextVoters.sort((a, b) -> Integer.compare(a.number(), b.number()));
        List<Member> nextObservers = new ArrayList<>(observers);
        nextObservers.removeIf(member -> uuids.contains(member.uuid()));
        return new Configuration(
                epoch + 1, nextVoters, nextObservers, nextNumber, Quorums.majority(nextVoters.size()));
    }
}
