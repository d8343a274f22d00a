package dev.synod.operator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.operator.plan.Observed.Claim;
import dev.synod.operator.plan.Observed.Configured;
import dev.synod.operator.plan.Observed.Confirmed;
import dev.synod.operator.plan.Observed.JobState;
import dev.synod.operator.plan.Observed.Latch;
import dev.synod.operator.plan.Observed.Member;
import dev.synod.operator.plan.Observed.Phase;
import dev.synod.operator.plan.Observed.Pod;
import dev.synod.operator.plan.Observed.Recovery;
import dev.synod.operator.plan.Observed.RecoveryJob;
import dev.synod.operator.plan.Observed.Replicas;
import dev.synod.operator.plan.Observed.Sidecar;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * As much of Kubernetes and of a cluster as the plan sees: sets that make pods, claims that outlive them,
 * members that
 * learn, a quorum that confirms. It carries out actions, and fails on one that must not be.
 */
final class World {
    static final class RunningPod {
        final String uid;
        final String hash;
        String images;
        int ticksToRun = 1;
        boolean terminating;

        RunningPod(String uid, String hash, String images) {
            this.uid = uid;
            this.hash = hash;
            this.images = images;
        }

        boolean running() {
            return ticksToRun <= 0;
        }
    }

    static final class StoredClaim {
        final String uid;
        long bytes;
        boolean terminating;
        /** Name of the pod that has to start anew for the file system to grow; null when none has to. */
        @Nullable String growsAfter;
        int ticksToGrow;
        Volume volume = new Volume();

        StoredClaim(String uid, long bytes) {
            this.uid = uid;
            this.bytes = bytes;
        }
    }

    /** What turns a volume into another cluster's, once, whatever becomes of it. */
    static final class Job {
        final String uid;
        final Recovery recovery;
        JobState state = JobState.RUNNING;

        Job(String uid, Recovery recovery) {
            this.uid = uid;
            this.recovery = recovery;
        }

        RecoveryJob seen() {
            return new RecoveryJob(uid, recovery.cluster(), state, false);
        }
    }

    final Random random;
    Desired desired;
    @Nullable Latch latch;
    /** Written down beside the latch; here it is called as the pods that it makes of voters are. */
    String image = "v0";
    final SortedMap<PodSet, Replicas> sets = new TreeMap<>();
    final SortedMap<Slot, RunningPod> pods = new TreeMap<>();
    final SortedMap<Slot, StoredClaim> claims = new TreeMap<>();
    List<Configured> members = List.of();
    int epoch;
    boolean established;
    @Nullable UUID leader;
    long decided;
    @Nullable Job job;
    /** Deleted, and its pod still writes. */
    @Nullable Job lingering;
    private Instant now = Instant.parse("2026-11-23T12:00:00Z");
    /** Images whose containers never start. */
    String badHash = "never";
    private final Set<UUID> everUsed = new HashSet<>();
    private int names;

    World(long seed, Desired desired) {
        this.random = new Random(seed);
        this.desired = desired;
    }

    UUID newId() {
        return new UUID(random.nextLong(), random.nextLong());
    }

    // ---- What is seen

    Observed observed() {
        SortedMap<Slot, Pod> seenPods = new TreeMap<>();
        SortedMap<Slot, Claim> seenClaims = new TreeMap<>();
        SortedMap<Slot, Member> seenMembers = new TreeMap<>();
        pods.forEach((slot, pod) -> {
            seenPods.put(slot, new Pod(pod.uid, pod.hash, pod.images,
                    pod.running() ? Sidecar.RUNNING : Sidecar.NOT_YET, pod.running(),
                    pod.terminating));
            StoredClaim claim = claims.get(slot);
            if (pod.running() && claim != null) {
                seenMembers.put(slot, member(claim.volume));
            }
        });
        claims.forEach((slot, claim) -> seenClaims.put(slot,
                new Claim(claim.uid, claim.bytes, waitsForStart(slot, claim), claim.terminating)));
        boolean writes = lingering != null || job != null && job.state == JobState.RUNNING;
        return new Observed(latch, latch == null ? null : image, sets.get(PodSet.VOTERS),
                sets.get(PodSet.OBSERVERS), seenPods, seenClaims, seenMembers, confirmed(),
                job == null ? null : job.seen(),
                writes ? List.of(new Observed.Attempt("recovery", "")) : List.of(), now);
    }

    private boolean waitsForStart(Slot slot, StoredClaim claim) {
        RunningPod pod = pods.get(slot);
        return pod != null && pod.uid.equals(claim.growsAfter);
    }

    private Member member(Volume volume) {
        Phase phase = volume.faulty ? Phase.FAULTY : volume.id == null ? Phase.EMPTY : Phase.RUNNING;
        return new Member(phase, volume.id, volume.cluster, volume.activated,
                phase == Phase.RUNNING && hasQuorum() && isConfigured(volume.id)
                        && volume.applied + View.LAG_ENTRIES_MAX >= decided,
                volume.applied, new Observed.Log(1, 1, 1, volume.last),
                new Observed.Electorate(epoch, voters().stream().map(Configured::id).toList()), volume.full,
                "",
                "");
    }

    private boolean isConfigured(@Nullable UUID id) {
        return members.stream().anyMatch(member -> member.id().equals(id));
    }

    private @Nullable Confirmed confirmed() {
        return hasQuorum() ? new Confirmed(epoch, established, members, leader, decided) : null;
    }

    List<Configured> voters() {
        return members.stream().filter(Configured::voter).toList();
    }

    boolean isUp(Configured member) {
        RunningPod pod = pods.get(Objects.requireNonNull(member.slot()));
        StoredClaim claim = claims.get(member.slot());
        return pod != null && pod.running() && !pod.terminating && claim != null && !claim.volume.faulty
                && !claim.volume.full && member.id().equals(claim.volume.id)
                && (claim.volume.activated || !member.voter());
    }

    boolean hasQuorum() {
        long up = voters().stream().filter(this::isUp).count();
        return !voters().isEmpty() && up >= View.majority(voters().size());
    }

    List<Configured> downVoters() {
        return voters().stream().filter(voter -> !isUp(voter)).toList();
    }

    // ---- Time

    /** Sets make pods, pods start and end, members elect and catch up. */
    void tick() {
        now = now.plusSeconds(5);
        pods.entrySet().removeIf(entry -> entry.getValue().terminating);
        claims.entrySet()
                .removeIf(entry -> entry.getValue().terminating && !pods.containsKey(entry.getKey()));
        sets.forEach((set, replicas) -> {
            for (int ordinal = 0; ordinal < replicas.count(); ordinal++) {
                Slot slot = new Slot(set, ordinal);
                claims.computeIfAbsent(slot, s -> new StoredClaim("claim-" + names++, replicas.claimBytes()));
                pods.computeIfAbsent(slot, s -> new RunningPod("pod-" + names++, desired.hash(set),
                        desired.appImages()));
            }
            pods.forEach((slot, pod) -> pod.terminating |= slot.set() == set
                    && slot.ordinal() >= replicas.count());
        });
        work();
        claims.forEach((slot, claim) -> grow(slot, claim));
        pods.values().stream().filter(pod -> !pod.hash.equals(badHash)).forEach(pod -> pod.ticksToRun--);
        pods.keySet().forEach(slot -> {
            UUID cluster = Objects.requireNonNull(claims.get(slot)).volume.cluster;
            assertThat(cluster == null || latch == null || latch.cluster().equals(cluster)
                    || latch.recovery() == null && !latch.initialised())
                    .as("%s runs a member of cluster %s, the latch says %s", slot, cluster, latch).isTrue();
        });
        if (hasQuorum()) {
            boolean led = voters().stream().anyMatch(v -> v.id().equals(leader) && isUp(v));
            List<Configured> able = voters().stream().filter(this::isUp).toList();
            leader = led ? leader : able.get(random.nextInt(able.size())).id();
            established |= random.nextInt(3) == 0;
            decided += 100;
            for (Configured member : members) {
                if (isUp(member) && (member.id().equals(leader) || random.nextInt(3) > 0)) {
                    Volume volume =
                            Objects.requireNonNull(claims.get(Objects.requireNonNull(member.slot()))).volume;
                    volume.learn(Math.min(decided, volume.applied + 5_000));
                    volume.activated = true;
                }
            }
        }
    }

    /** The kubelet takes its time, after the pod started anew if it had to. */
    private void grow(Slot slot, StoredClaim claim) {
        RunningPod pod = pods.get(slot);
        if (claim.ticksToGrow > 0 && pod != null && !pod.uid.equals(claim.growsAfter)
                && --claim.ticksToGrow == 0) {
            claim.growsAfter = null;
            claim.volume.full = false;
        }
    }

    private void work() {
        if (lingering != null && random.nextInt(3) == 0) {
            write(lingering.recovery);
            lingering = null;
        }
        if (job == null || job.state != JobState.RUNNING || random.nextInt(3) > 0) {
            return;
        }
        if (random.nextInt(4) == 0) {
            job.state = JobState.FAILED; // its volume was out of reach, or somebody killed it at the end
            return;
        }
        write(job.recovery);
        job.state = random.nextInt(4) == 0 ? JobState.FAILED : JobState.SUCCEEDED;
    }

    private void write(Recovery recovery) {
        assertThat(pods).as("pods on the volume that is written").isEmpty();
        Volume volume = volume(recovery.slot());
        if (!recovery.cluster().equals(volume.cluster)) {
            assertThat(volume.id).isEqualTo(recovery.survivor());
            volume.id = recovery.member();
            volume.cluster = recovery.cluster();
            members = List.of(new Configured(recovery.member(), true, recovery.slot()));
            epoch = 0;
            established = false;
            leader = null;
            decided = volume.last;
        }
    }

    /** Somebody deletes it; its pod may live on for a while. */
    void deleteJob() {
        if (job != null && job.state == JobState.RUNNING) {
            lingering = job;
        }
        job = null;
    }

    // ---- What is done

    /** Carries a step out, after holding it against what must never be done. */
    void apply(Action action) {
        assertThat(desired.paused()).as("paused, and yet %s", action).isFalse();
        switch (action) {
            case Action.WriteLatch(int voters) -> {
                assertThat(latch).isNull();
                assertThat(claims).isEmpty();
                List<UUID> ids = new ArrayList<>();
                for (int i = 0; i < voters; i++) {
                    ids.add(newId());
                }
                latch = new Latch(newId(), ids, false);
            }
            case Action.AdoptLatch(UUID cluster) -> {
                assertThat(hasQuorum()).isTrue();
                latch = new Latch(cluster, List.of(), true);
            }
            case Action.CreateSet(PodSet set, int replicas) -> {
                assertThat(latch != null || desired.adopt()).isTrue();
                sets.put(set, new Replicas(replicas, desired.volumeBytes()));
            }
            case Action.Format(Slot slot, UUID id) -> {
                assertThat(latch().initialised()).as("a first volume is formatted after the latch").isFalse();
                format(slot, id);
            }
            case Action.SetLatch() -> {
                latch = new Latch(latch().cluster(), latch().initial(), true);
                members = new ArrayList<>();
                for (int i = 0; i < latch().initial().size(); i++) {
                    members.add(new Configured(latch().initial().get(i), true, Slot.voter(i)));
                    assertThat(volume(Slot.voter(i)).id).isEqualTo(latch().initial().get(i));
                }
                epoch = 1;
            }
            case Action.Activate(Slot slot) -> {
                assertThat(latch().initialised()).isTrue();
                assertThat(latch().initial()).contains(Objects.requireNonNull(volume(slot).id));
                volume(slot).activated = true;
            }
            case Action.FormatNewcomer(Slot slot) -> {
                assertThat(latch().initialised()).as("a newcomer before the cluster").isTrue();
                format(slot, newId());
                volume(slot).activated = true; // it learns what it may vote on
            }
            case Action.AddObserver(Slot slot, UUID id) -> {
                assertThat(hasQuorum()).isTrue();
                assertThat(volume(slot).id).isEqualTo(id);
                assertThat(isConfigured(id)).isFalse();
                members = with(members, new Configured(id, false, slot));
            }
            case Action.RemoveObserver(UUID id) -> {
                assertThat(hasQuorum()).isTrue();
                assertThat(voters()).extracting(Configured::id).doesNotContain(id);
                members = members.stream().filter(member -> !member.id().equals(id)).toList();
            }
            case Action.Reconfigure(int expected, List<UUID> next) -> reconfigure(expected, next);
            case Action.TransferLeadership(UUID to) -> {
                Configured target = voters().stream().filter(v -> v.id().equals(to)).findAny().orElseThrow();
                assertThat(isUp(target)).isTrue();
                leader = to;
            }
            case Action.Scale(PodSet set, int replicas) -> scale(set, replicas);
            case Action.DeletePod(Slot slot, String uid) -> deletePod(slot, uid);
            case Action.DeleteClaim(Slot slot, String uid) -> deleteClaim(slot, uid);
            case Action.ResizeClaim(Slot slot, long bytes) -> {
                StoredClaim claim = Objects.requireNonNull(claims.get(slot));
                assertThat(bytes).isGreaterThan(claim.bytes);
                claim.bytes = bytes;
                RunningPod pod = pods.get(slot);
                claim.growsAfter = pod != null && random.nextBoolean() ? pod.uid : null;
                claim.ticksToGrow = 1 + random.nextInt(6);
            }
            case Action.RecreateSet(PodSet set) -> sets.put(set,
                    new Replicas(Objects.requireNonNull(sets.get(set)).count(), desired.volumeBytes()));
            case Action.PinImage() -> {
                assertThat(desired.image()).as("written down again").isNotEqualTo(image);
                assertThat(members).as("somebody does not run it").allMatch(this::isUp);
                assertThat(pods).allSatisfy(
                        (slot, pod) -> assertThat(pod.hash).isEqualTo(desired.hash(slot.set())));
                image = desired.image();
            }
            case Action.PatchAppImages(Slot slot) ->
                    Objects.requireNonNull(pods.get(slot)).images = desired.appImages();
            case Action.NoteRecovery(Slot slot, UUID survivor) -> {
                assertThat(hasQuorum()).as("a recovery beside a quorum").isFalse();
                assertThat(desired.recoverFrom()).isEqualTo(survivor).isEqualTo(volume(slot).id);
                latch = latch().noting(new Recovery(slot, survivor, newId(), newId()));
            }
            case Action.Remember(Observed.Notes notes) -> latch = latch().with(notes);
            case Action.NoteWriting() -> {
                assertThat(pods).as("members run beside a recovery").isEmpty();
                latch = latch().writing();
            }
            case Action.ForgetRecovery() -> {
                assertThat(claims.values()).as("too late").noneMatch(claim -> recovery().cluster()
                        .equals(claim.volume.cluster));
                assertThat(lingering).as("it may still be written").isNull();
                latch = latch().calledOff();
            }
            case Action.RunRecovery(Recovery recovery) -> {
                assertThat(pods).as("members run beside a recovery").isEmpty();
                assertThat(job).isNull();
                assertThat(lingering).as("two that write one volume").isNull();
                assertThat(recovery.writing()).isTrue();
                job = new Job("job-" + names++, recovery);
            }
            case Action.SwitchLatch(UUID cluster) -> {
                assertThat(volume(recovery().slot()).cluster).isEqualTo(cluster);
                latch = latch().switched(cluster);
            }
            case Action.FinishRecovery() -> {
                assertThat(claims).containsOnlyKeys(recovery().slot());
                assertThat(lingering).isNull();
                latch = latch().finished();
            }
            case Action.DeleteRecoveryJob(String uid) -> {
                assertThat(Objects.requireNonNull(job).uid).isEqualTo(uid);
                job = null;
            }
        }
    }

    private Recovery recovery() {
        return Objects.requireNonNull(latch().recovery());
    }

    private Latch latch() {
        return Objects.requireNonNull(latch);
    }

    private Volume volume(Slot slot) {
        assertThat(claims).containsKey(slot);
        return Objects.requireNonNull(claims.get(slot)).volume;
    }

    private static List<Configured> with(List<Configured> members, Configured one) {
        List<Configured> result = new ArrayList<>(members);
        result.add(one);
        return List.copyOf(result);
    }

    private void format(Slot slot, UUID id) {
        Volume volume = volume(slot);
        assertThat(volume.id).as("only an empty volume is formatted").isNull();
        assertThat(everUsed.add(id)).as("an identity is used once").isTrue();
        volume.id = id;
        volume.cluster = latch().cluster();
        volume.applied = 0;
        volume.last = 0;
    }

    private void reconfigure(int expected, List<UUID> next) {
        assertThat(expected).isEqualTo(epoch);
        assertThat(established).as("one change of the voters at a time").isTrue();
        assertThat(hasQuorum()).isTrue();
        assertThat(next).doesNotHaveDuplicates().hasSizeLessThanOrEqualTo(7);
        assertThat(next.size() % 2).as("an odd number of voters").isEqualTo(1);
        List<UUID> before = voters().stream().map(Configured::id).toList();
        List<UUID> coming = next.stream().filter(id -> !before.contains(id)).toList();
        List<UUID> going = before.stream().filter(id -> !next.contains(id)).toList();
        assertThat(coming.size() + going.size()).as("a change of %s to %s", before, next).isBetween(1, 2);
        for (UUID id : coming) {
            Configured newcomer = members.stream().filter(m -> m.id().equals(id)).findAny().orElseThrow();
            assertThat(isUp(newcomer)).isTrue();
            assertThat(volume(Objects.requireNonNull(newcomer.slot())).applied + View.LAG_ENTRIES_MAX)
                    .as("a newcomer catches up before it votes").isGreaterThanOrEqualTo(decided);
        }
        boolean healthyOneGoes = voters().stream().anyMatch(v -> going.contains(v.id()) && isUp(v));
        if (healthyOneGoes) {
            assertThat(downVoters()).as("a healthy voter goes while one that stays is down")
                    .noneMatch(v -> next.contains(v.id()));
        }
        members = members.stream().filter(member -> !going.contains(member.id()))
                .map(member -> new Configured(member.id(), next.contains(member.id()), member.slot()))
                .toList();
        assertThat(voters()).hasSameSizeAs(next);
        epoch++;
        established = false;
        assertThat(hasQuorum()).as("the voters chosen make a quorum").isTrue();
    }

    private void scale(PodSet set, int replicas) {
        Replicas now = Objects.requireNonNull(sets.get(set));
        if (replicas == 0 && latch().recovery() != null) {
            sets.put(set, new Replicas(0, now.claimBytes()));
            return;
        }
        if (now.count() == 0 && set == PodSet.VOTERS) {
            sets.put(set, new Replicas(replicas, now.claimBytes()));
            return;
        }
        assertThat(set == PodSet.OBSERVERS || replicas > now.count() || established)
                .as("those who left are needed until the epoch is established").isTrue();
        for (Configured member : members) {
            Slot slot = Objects.requireNonNull(member.slot());
            assertThat(slot.set() == set && slot.ordinal() >= replicas && slot.ordinal() < now.count())
                    .as("%s loses its pod and is still configured", slot).isFalse();
        }
        claims.keySet().stream().filter(slot -> slot.set() == set && slot.ordinal() >= now.count()
                && members.stream().noneMatch(member -> slot.equals(member.slot())))
                .forEach(slot -> assertThat(replicas).as("the volume of %s is left over", slot)
                        .isLessThanOrEqualTo(slot.ordinal()));
        sets.put(set, new Replicas(replicas, now.claimBytes()));
    }

    private void deletePod(Slot slot, String uid) {
        RunningPod pod = Objects.requireNonNull(pods.get(slot));
        assertThat(pod.uid).isEqualTo(uid);
        assertThat(pod.terminating).isFalse();
        voters().stream().filter(v -> slot.equals(v.slot()) && isUp(v)
                && volume(slot).applied + View.LAG_ENTRIES_MAX >= decided).forEach(voter -> {
                    assertThat(downVoters()).as("a healthy voter is taken down while another is down")
                            .isEmpty();
                    assertThat(voters().size() == 1 || !voter.id().equals(leader))
                            .as("the leader hands over first")
                            .isTrue();
                });
        pod.terminating = true;
    }

    private void deleteClaim(Slot slot, String uid) {
        StoredClaim claim = Objects.requireNonNull(claims.get(slot));
        assertThat(claim.uid).isEqualTo(uid);
        UUID id = claim.volume.id;
        boolean votes = voters().stream().anyMatch(v -> v.id().equals(id));
        if (latch().recovery() != null) {
            assertThat(id == null || !id.equals(recovery().member())).as("the new cluster's only volume")
                    .isTrue();
            assertThat(latch().cluster()).isEqualTo(recovery().cluster());
            claim.terminating = true;
            return;
        }
        assertThat(!votes || claim.volume.faulty || Objects.equals(desired.replace(), id))
                .as("the volume of a sound voter in %s is deleted", slot).isTrue();
        claim.terminating = true;
    }

    // ---- What happens by itself

    void crash(Slot slot) {
        RunningPod pod = pods.get(slot);
        if (pod != null) {
            pod.ticksToRun = 1 + random.nextInt(4);
        }
        StoredClaim claim = claims.get(slot);
        if (claim != null) {
            claim.volume.applied /= 2; // until it has read its log
        }
    }

    void fill(Slot slot) {
        Objects.requireNonNull(claims.get(slot)).volume.full = true;
    }

    /** Somebody gives the set fewer pods than there are voters. */
    void scaleByHand() {
        sets.computeIfPresent(PodSet.VOTERS, (set, it) -> new Replicas(it.count() - 1, it.claimBytes()));
    }

    void loseVolume(Slot slot) {
        StoredClaim claim = claims.get(slot);
        if (claim != null && pods.containsKey(slot)) {
            claim.volume = new Volume();
            crash(slot);
        }
    }

    void damage(Slot slot) {
        StoredClaim claim = claims.get(slot);
        if (claim != null && claim.volume.id != null) {
            claim.volume.faulty = true;
        }
    }

    /** One pass of the operator; true when it is done. */
    Decision pass() {
        Decision decision = Planner.next(desired, observed());
        if (decision instanceof Decision.Act act) {
            apply(act.action());
        }
        return decision;
    }

    @Override
    public String toString() {
        return "epoch " + epoch + " leader " + leader + " members " + members + " pods"
                + " " + pods.keySet() + " claims "
                + claims.keySet() + "\nanswers " + observed().members() + "\nseen"
                + " " + observed().pods() + observed().claims()
                + "\nlatch " + latch + " sets " + sets + " desired " + desired;
    }

    /** Passes and ticks until nothing is left to be done. */
    void settle(int passesMax) {
        List<String> trace = new ArrayList<>();
        for (int i = 0; i < passesMax; i++) {
            Decision decision = pass();
            trace.add(decision.toString());
            if (decision instanceof Decision.Settled) {
                return;
            }
            tick();
        }
        throw new AssertionError("not settled after " + passesMax + " passes\n" + this + "\n"
                + String.join("\n", trace.subList(Math.max(0, trace.size() - 12), trace.size())));
    }

    Map<UUID, Slot> places() {
        Map<UUID, Slot> places = new TreeMap<>();
        members.forEach(member -> places.put(member.id(), Objects.requireNonNull(member.slot())));
        return places;
    }
}
