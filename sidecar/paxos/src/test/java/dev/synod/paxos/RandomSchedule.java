package dev.synod.paxos;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Drives a {@link ScriptedGroup} by chance: messages arrive in any order, twice, or not at all, members crash
 * and come back, links are cut, disks are slow or full, voters and observers change. The same seed gives the
 * same story.
 */
final class RandomSchedule {
    private static final long MILLISECOND_NANOS = 1_000_000;
    private static final int FLIGHTS_MAX = 150;
    private static final int MEMBERS_MAX = 7;

    private final ScriptedGroup group;
    private final SeededRandom random;
    private long commands;
    private long reads;

    RandomSchedule(long seed) {
        random = new SeededRandom(seed);
        Options options = new Options(
                100 * MILLISECOND_NANOS,
                1_000 * MILLISECOND_NANOS,
                (int) random.between(2, 20),
                (int) random.between(200, 2_000),
                (int) random.between(60, 400),
                (int) random.between(20, 200),
                8);
        group = new ScriptedGroup(options, random.child("members"), new Trace());
        group.trace().level(Trace.Level.NONE);
        group.found((int) random.between(1, 5), true);
    }

    ScriptedGroup group() {
        return group;
    }

    SeededRandom random() {
        return random;
    }

    // ---- one step -------------------------------------------------------------------------------------

    /** Something happens. */
    void step() {
        int roll = random.below(1_000);
        if (roll < 420) {
            deliver();
        } else if (roll < 700) {
            write();
        } else if (roll < 820) {
            group.tick(random.below(60) * MILLISECOND_NANOS);
        } else if (roll < 880) {
            propose();
        } else if (roll < 905) {
            read();
        } else if (roll < 920) {
            crashOrStart();
        } else if (roll < 935) {
            snapshot();
        } else if (roll < 942) {
            cutOrHeal();
        } else if (roll < 992) {
            change();
        } else {
            trouble();
        }
    }

    private void deliver() {
        List<ScriptedGroup.Flight> network = group.network();
        while (network.size() > FLIGHTS_MAX) {
            group.drop(network.getFirst());
        }
        if (network.isEmpty()) {
            return;
        }
        // Mostly in order, or nothing longer than a few messages would ever come about.
        ScriptedGroup.Flight flight = network.get(random.chance(0.8) ? 0 : random.below(network.size()));
        if (random.chance(0.05)) {
            group.drop(flight);
            return;
        }
        group.deliver(flight);
        if (random.chance(0.05)) {
            group.deliver(flight);
        }
    }

    private void write() {
        ScriptedMember member = anyMember();
        if (member.nextBatch() != null) {
            if (random.chance(0.3)) {
                member.oneDurable();
            } else {
                member.allDurable();
            }
        }
    }

    private void propose() {
        for (ScriptedMember member : group.members()) {
            if (isLeader(member)) {
                List<Bytes> batch = new ArrayList<>();
                for (int left = (int) random.between(1, 3); left > 0; left--) {
                    batch.add(Bytes.of(("c" + ++commands).getBytes(StandardCharsets.UTF_8)));
                }
                group.step(member, new Event.Propose(batch));
            }
        }
    }

    private static boolean isLeader(ScriptedMember member) {
        return member.isUp() && member.running().role() == Role.LEADER;
    }

    private void read() {
        ScriptedMember member = anyMember();
        if (member.isUp()) {
            group.step(member, new Event.Read(++reads));
        }
    }

    private void crashOrStart() {
        ScriptedMember member = anyMember();
        if (!member.isUp()) {
            member.start();
        } else if (random.chance(0.2)) {
            member.crash();
        }
    }

    private void snapshot() {
        ScriptedMember member = anyMember();
        if (member.isUp() && member.running().decided() > 0) {
            group.step(member, member.taken(random.below(6)));
        }
    }

    private void cutOrHeal() {
        if (random.chance(0.5)) {
            group.heal();
        } else {
            group.cut(anyMember().name(), anyMember().name());
        }
    }

    /** Somebody who may changes who belongs to the group. */
    private void change() {
        ScriptedMember member = anyMember();
        if (!isLeader(member)) {
            return;
        }
        Configuration now = member.running().configuration();
        switch (random.below(5)) {
            case 0 -> {
                String name = "" + (1 + random.below(MEMBERS_MAX));
                if (group.members().stream().noneMatch(other -> other.name().equals(name))) {
                    group.newcomer(name);
                }
                group.step(member, new Event.AddObserver(ScriptedGroup.uuid(name), "m" + name));
            }
            case 1 -> {
                if (!now.observers().isEmpty() && random.chance(0.3)) {
                    UUID gone = now.observers().getFirst().uuid();
                    group.step(member, new Event.RemoveObserver(gone));
                }
            }
            case 2 -> group.step(member, new Event.TransferTo(anyMember().uuid()));
            default -> group.step(member, new Event.Reconfigure(now.epoch(), otherVoters(now)));
        }
    }

    /** One goes, one comes, or both. */
    private List<UUID> otherVoters(Configuration now) {
        List<UUID> voters = new ArrayList<>();
        for (Member member : now.voters()) {
            voters.add(member.uuid());
        }
        if (!now.observers().isEmpty() && random.chance(0.8)) {
            voters.add(now.observers().get(random.below(now.observers().size())).uuid());
        }
        if (voters.size() > 1 && random.chance(0.5)) {
            voters.remove(random.below(voters.size()));
        }
        return voters;
    }

    private void trouble() {
        ScriptedMember member = anyMember();
        if (!member.isUp()) {
            return;
        }
        switch (random.below(4)) {
            case 0 -> group.step(member, new Event.DiskFull(random.chance(0.5)));
            case 1 -> group.step(member, new Event.LinkClosed(anyMember().uuid()));
            case 2 -> member.damageNextChunk();
            default -> member.holdDisk(random.chance(0.3));
        }
    }

    private ScriptedMember anyMember() {
        return group.members().get(random.below(group.members().size()));
    }

    // ---- healing --------------------------------------------------------------------------------------

    /** Nothing is broken any more: everybody is up and hears everybody, and every disk works. */
    void mendEverything() {
        group.heal();
        for (ScriptedMember member : List.copyOf(group.members())) {
            member.holdDisk(false);
            if (!member.isUp()) {
                member.start();
            }
            group.step(member, new Event.DiskFull(false));
        }
    }

    /** The member that knows most of what is decided; its configuration is the group's. */
    ScriptedMember newest() {
        ScriptedMember newest = group.members().getFirst();
        for (ScriptedMember member : group.members()) {
            if (member.running().decided() > newest.running().decided()) {
                newest = member;
            }
        }
        return newest;
    }
}
