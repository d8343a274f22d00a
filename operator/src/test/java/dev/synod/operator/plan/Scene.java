package dev.synod.operator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.operator.plan.Observed.Claim;
import dev.synod.operator.plan.Observed.Configured;
import dev.synod.operator.plan.Observed.Confirmed;
import dev.synod.operator.plan.Observed.Latch;
import dev.synod.operator.plan.Observed.Member;
import dev.synod.operator.plan.Observed.Phase;
import dev.synod.operator.plan.Observed.Pod;
import dev.synod.operator.plan.Observed.Replicas;
import dev.synod.operator.plan.Observed.Sidecar;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A healthy cluster whose leader is voter 0, to be changed in the one thing that a test is about. */
final class Scene {
    static final UUID CLUSTER = new UUID(7, 7);
    static final long SIZE = 1 << 30;
    static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    static final String PINNED = "sidecar:1";
    private static final long DECIDED = 10_000;

    final SortedMap<Slot, Pod> pods = new TreeMap<>();
    final SortedMap<Slot, Claim> claims = new TreeMap<>();
    final SortedMap<Slot, Member> members = new TreeMap<>();
    final List<Configured> configuration = new ArrayList<>();
    @Nullable Latch latch;
    @Nullable Replicas voters;
    @Nullable Replicas observers;
    Observed.@Nullable RecoveryJob job;
    List<Observed.Attempt> attempts = List.of();
    boolean established = true;
    boolean quorum = true;
    @Nullable UUID leader = id(Slot.voter(0));

    private int wantedVoters;
    private int wantedObservers;
    private String hash = "h";
    private String images = "a";
    private String image = PINNED;
    private long size = SIZE;
    private boolean adopt;
    private boolean paused;
    private @Nullable UUID replace;
    private @Nullable UUID recoverFrom;

    static Scene of(int voters, int observers) {
        Scene scene = new Scene();
        scene.wantedVoters = voters;
        scene.wantedObservers = observers;
        List<UUID> initial = new ArrayList<>();
        for (int i = 0; i < voters; i++) {
            initial.add(id(Slot.voter(i)));
            scene.stands(Slot.voter(i), true);
        }
        for (int i = 0; i < observers; i++) {
            scene.stands(Slot.observer(i), false);
        }
        scene.latch = new Latch(CLUSTER, initial, true);
        scene.voters = new Replicas(voters, SIZE);
        scene.observers = new Replicas(observers, SIZE);
        return scene;
    }

    static Scene nothing(int voters) {
        Scene scene = new Scene();
        scene.wantedVoters = voters;
        scene.quorum = false;
        return scene;
    }

    static UUID id(Slot slot) {
        return new UUID(slot.set().ordinal() + 1, slot.ordinal());
    }

    /** A pod, its claim and the member in it, configured. */
    Scene stands(Slot slot, boolean voter) {
        runs(slot, new Member(Phase.RUNNING, id(slot), CLUSTER, true, true, DECIDED));
        configuration.add(new Configured(id(slot), voter, slot));
        return this;
    }

    /** A pod, its claim and what its member says, configured or not. */
    Scene runs(Slot slot, Member member) {
        pods.put(slot, new Pod("pod of " + slot, "h", "a", Sidecar.RUNNING, true, false));
        claims.put(slot, new Claim("claim of " + slot, SIZE, false, false));
        members.put(slot, member);
        return this;
    }

    static Member empty() {
        return new Member(Phase.EMPTY, null, null, false, false, 0);
    }

    static Member newcomer(UUID id, long applied) {
        return new Member(Phase.RUNNING, id, CLUSTER, true, true, applied);
    }

    Scene silent(Slot slot) {
        members.remove(slot);
        return this;
    }

    Scene says(Slot slot, Member member) {
        members.put(slot, member);
        return this;
    }

    /** One that does not run has not run yet. */
    Scene pod(Slot slot, String hash, boolean running, boolean terminating) {
        return pod(slot, hash, running ? Sidecar.RUNNING : Sidecar.NOT_YET, terminating);
    }

    Scene pod(Slot slot, String hash, Sidecar sidecar, boolean terminating) {
        Pod old = Objects.requireNonNull(pods.get(slot));
        boolean running = sidecar == Sidecar.RUNNING;
        pods.put(slot, new Pod(old.uid(), hash, old.appImages(), sidecar, running, terminating));
        if (!running) {
            members.remove(slot);
        }
        return this;
    }

    Scene configured(UUID id, boolean voter, @Nullable Slot slot) {
        configuration.add(new Configured(id, voter, slot));
        return this;
    }

    Scene wants(int voters, int observers) {
        wantedVoters = voters;
        wantedObservers = observers;
        return this;
    }

    Scene wantsHash(String hash) {
        this.hash = hash;
        return this;
    }

    Scene wantsImages(String images) {
        this.images = images;
        return this;
    }

    Scene wantsImage(String image) {
        this.image = image;
        return this;
    }

    Scene wantsSize(long size) {
        this.size = size;
        return this;
    }

    Scene wantsReplaced(UUID id) {
        replace = id;
        return this;
    }

    Scene wantsRecovery(@Nullable UUID id) {
        recoverFrom = id;
        return this;
    }

    Scene wantsPause() {
        paused = true;
        return this;
    }

    Scene wantsAdoption() {
        adopt = true;
        return this;
    }

    Scene led(@Nullable UUID by) {
        leader = by;
        return this;
    }

    Scene withoutQuorum() {
        quorum = false;
        return this;
    }

    Scene notEstablished() {
        established = false;
        return this;
    }

    Scene full(Slot slot) {
        Member old = Objects.requireNonNull(members.get(slot));
        return says(slot, new Member(old.phase(), old.id(), old.cluster(), old.activated(), old.ready(),
                old.applied(), old.log(), old.electorate(), true, "", ""));
    }

    Scene log(Slot slot, Observed.Log log, long applied) {
        Member old = Objects.requireNonNull(members.get(slot));
        return says(slot,
                new Member(old.phase(), old.id(), old.cluster(), old.activated(), old.ready(), applied,
                        log, old.electorate(), false, "", ""));
    }

    /** No quorum for so long, in the latch. */
    Scene away(long seconds) {
        latch = Objects.requireNonNull(latch).with(new Observed.Notes(null, null,
                new Observed.Away(NOON.minusSeconds(seconds), NOON.minusSeconds(1))));
        return this;
    }

    Observed observed() {
        List<UUID> known = configuration.stream().filter(Configured::voter).map(Configured::id).toList();
        SortedMap<Slot, Member> knowing = new TreeMap<>(members);
        knowing.replaceAll((slot, it) -> new Member(it.phase(), it.id(), it.cluster(), it.activated(),
                it.ready(),
                it.applied(), it.log(), new Observed.Electorate(4, known), it.diskFull(), it.version(),
                it.fault()));
        return new Observed(latch, latch == null ? null : PINNED, voters, observers, pods, claims, knowing,
                quorum ? new Confirmed(4, established, configuration, leader, DECIDED) : null, job, attempts,
                NOON);
    }

    Decision decision() {
        return Planner.next(desired(), observed());
    }

    Desired desired() {
        return new Desired(wantedVoters, wantedObservers, size, adopt, hash, hash, images, image, paused,
                replace, recoverFrom);
    }

    Action action() {
        if (decision() instanceof Decision.Act act) {
            return act.action();
        }
        throw new AssertionError("no action: " + decision());
    }

    static void assertWaits(Scene scene, Reason reason) {
        assertThat(scene.decision()).isInstanceOf(Decision.Await.class).extracting(Decision::reason)
                .isEqualTo(reason);
    }

    static void assertBlocked(Scene scene, Reason reason, String hint) {
        assertThat(scene.decision()).isInstanceOf(Decision.Blocked.class).extracting(Decision::reason)
                .isEqualTo(reason);
        assertThat(scene.decision().message()).contains(hint);
    }

    static Action delete(Slot slot) {
        return new Action.DeletePod(slot, "pod of " + slot);
    }
}
