package dev.synod.operator.reconcile;

import dev.synod.crd.CoordinationCluster;
import dev.synod.crd.CoordinationClusterStatus;
import dev.synod.crd.CoordinationClusterStatus.Truth;
import dev.synod.crd.Tls;
import dev.synod.operator.act.Belongings;
import dev.synod.operator.act.Furnishing;
import dev.synod.operator.act.Obstacle;
import dev.synod.operator.act.SecretKeeper;
import dev.synod.operator.act.Situation;
import dev.synod.operator.act.Steps;
import dev.synod.operator.members.MemberAdmin;
import dev.synod.operator.members.MemberException;
import dev.synod.operator.model.Blueprint;
import dev.synod.operator.model.BootstrapRecord;
import dev.synod.operator.model.Names;
import dev.synod.operator.model.OperatorSettings;
import dev.synod.operator.observe.Snapshot;
import dev.synod.operator.observe.SpecCheck;
import dev.synod.operator.observe.Wishes;
import dev.synod.operator.plan.Action;
import dev.synod.operator.plan.Decision;
import dev.synod.operator.plan.Desired;
import dev.synod.operator.plan.Observed;
import dev.synod.operator.plan.Planner;
import dev.synod.operator.plan.Slot;
import dev.synod.operator.status.Outcome;
import dev.synod.operator.tls.KeyMaterial;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One pass over one cluster:
 *
 * <ol>
 *   <li>The API server's objects are read, and nobody else's are touched.
 *   <li>The spec and the annotations are checked. What is wrong with them is told, and nothing is changed but
 *       certificates that would end.
 *   <li>Secrets, Services and other objects that are no steps are brought to what they are to be.
 *   <li>Members are asked how they are, and what a quorum confirms.
 *   <li>The plan decides on one step, and it is taken.
 * </ol>
 *
 * A failure of a part does not keep the rest from being looked at: the status says what could be seen.
 */
final class Pass {
    /**
     * A step is taken only this soon after the look that it was decided on. An operator that stood still for
     * longer may not be the one that acts any more: its lease ends 15 s after it last renewed it.
     */
    static final Duration LOOK_AGE_MAX = Duration.ofSeconds(8);

    private static final String NOT_YET = ": not yet, for something has changed meanwhile";
    private static final Logger LOG = LoggerFactory.getLogger(Pass.class);

    private final Tools tools;
    private final CoordinationCluster cluster;
    private final Names names;
    private Blueprint blueprint;
    private Optional<Observed> observed = Optional.empty();
    private SortedMap<Slot, String> silent = new TreeMap<>();
    private @Nullable RuntimeException failure;
    private boolean changedMeanwhile;

    /**
     * What every pass works with.
     *
     * @param reader of the API server's objects
     * @param secondLook before what cannot be taken back
     * @param secrets of clusters
     * @param furnishing of all objects that are no steps
     * @param steps of the plan
     * @param members of all clusters
     * @param settings of the operator
     */
    record Tools(
            ApiReader reader, SecondLook secondLook, SecretKeeper secrets, Furnishing furnishing, Steps steps,
            MemberAdmin members, OperatorSettings settings) {}

    /**
     * What came of it.
     *
     * @param blueprint that the status is built with
     * @param observed empty when nothing could be seen
     * @param silent why members did not answer
     */
    record Result(
            Blueprint blueprint, Optional<Observed> observed, Outcome outcome,
            SortedMap<Slot, String> silent) {}

    Pass(Tools tools, CoordinationCluster cluster) {
        this.tools = tools;
        this.cluster = cluster;
        this.names = new Names(cluster.getMetadata().getName(), cluster.getMetadata().getNamespace());
        this.blueprint = Blueprint.of(cluster, Optional.ofNullable(cluster.getStatus())
                .map(CoordinationClusterStatus::image), tools.settings());
    }

    Result run() {
        Outcome outcome;
        try {
            outcome = outcome();
        } catch (RuntimeException e) {
            outcome = Trouble.of(e).orElseThrow(() -> e);
        }
        return new Result(blueprint, observed, outcome, silent);
    }

    private Outcome outcome() {
        long begun = System.nanoTime();
        Snapshot snapshot = tools.reader().read(names);
        snapshot.owned().forEach(object -> Belongings.check(blueprint, object));
        // Without the record the status still says what members run: another image would restart them all.
        blueprint = Blueprint.of(cluster, snapshot.record().map(BootstrapRecord::image)
                .or(() -> Optional.of(blueprint.image())), tools.settings());
        Desired desired = wishes();
        boolean mayChange = desired != null && !desired.paused();
        if (mayChange) {
            attempt(() -> tools.furnishing().keep(blueprint, snapshot));
        }
        SecretKeeper.Keys keys = keys(snapshot, mayChange);
        Situation situation = look(snapshot, keys);
        if (failure != null) {
            RuntimeException told = failure;
            return Trouble.of(told).orElseThrow(() -> told);
        }
        if (Objects.requireNonNull(desired).paused()) {
            return new Outcome.Paused(Planner.next(desired.resumed(), observed.orElseThrow()));
        }
        Decision decision = Planner.next(desired, observed.orElseThrow());
        if (!(decision instanceof Decision.Act act)) {
            return new Outcome.Decided(decision);
        }
        if (changedMeanwhile || situation == null) {
            // A template or Secret was not written: a step would be taken on what nobody has.
            return new Outcome.Decided(new Decision.Await(act.reason(), act.message() + NOT_YET));
        }
        return new Outcome.Decided(act(desired, act, situation, begun));
    }

    private Decision act(Desired desired, Decision.Act act, Situation situation, long begun) {
        try {
            return take(act, situation, begun);
        } catch (KubernetesClientException e) {
            if (!(act.action() instanceof Action.ResizeClaim) || !Trouble.isRefusal(e)) {
                throw e;
            }
            return withoutGrowth(desired, situation, begun, act, e);
        }
    }

    /**
     * A size is never taken back, so one that the storage class refuses must not hold up all else for good.
     */
    private Decision withoutGrowth(Desired desired, Situation situation, long begun, Decision.Act growth,
            KubernetesClientException refusal) {
        Decision rest = Planner.next(desired.withoutGrowth(), situation.observed());
        return switch (rest) {
            case Decision.Act act -> take(act, situation, begun);
            case Decision.Await await -> await;
            case Decision.Blocked blocked -> blocked;
            case Decision.Settled settled -> new Decision.Blocked(growth.reason(), growth.message()
                    + " is refused: " + Trouble.message(refusal)
                    + ". All else goes on; volumes grow only in a"
                    + " storage class with allowVolumeExpansion");
        };
    }

    /** Null when the spec or an annotation is wrong; what, is noted. */
    private @Nullable Desired wishes() {
        // Of what cannot be read there is only a default in the object: the other rules would speak of that.
        List<String> unreadable = TolerantReading.problems(cluster);
        List<String> problems = unreadable.isEmpty() ? SpecCheck.problems(cluster) : unreadable;
        if (!problems.isEmpty()) {
            failure = new Obstacle("InvalidSpec", String.join("; ", problems) + ". Nothing is changed until"
                    + " that is put right");
            return null;
        }
        try {
            return Wishes.of(cluster, blueprint);
        } catch (IllegalArgumentException e) {
            failure = e;
            return null;
        }
    }

    private SecretKeeper.@Nullable Keys keys(Snapshot snapshot, boolean mayChange) {
        try {
            return mayChange || mustLast(snapshot)
                    ? tools.secrets().keep(blueprint, mayChange ? Wishes.renewal(cluster) : "",
                            (shown, trusted) -> unproven(snapshot, shown, trusted))
                    : tools.secrets().read(names);
        } catch (RuntimeException e) {
            note(e);
            return readAllTheSame();
        }
    }

    /**
     * Certificates end while nothing is to be changed, too, and a cluster with them. So those of one that has
     * begun are kept all the same, if they are surely the operator's to keep.
     */
    private boolean mustLast(Snapshot snapshot) {
        return snapshot.record().isPresent() && TolerantReading.isRead(cluster, "spec.tls")
                && blueprint.spec().tls().provider() == Tls.Provider.Auto;
    }

    private SecretKeeper.@Nullable Keys readAllTheSame() {
        try {
            return tools.secrets().read(names);
        } catch (RuntimeException e) {
            note(e);
            return null;
        }
    }

    private List<String> unproven(Snapshot snapshot, KeyMaterial shown, String trusted) {
        MemberAdmin.Target target = target(snapshot, new SecretKeeper.Keys(shown, trusted));
        Set<Slot> proven = tools.members().answering(target);
        return target.hosts().keySet().stream().filter(slot -> !proven.contains(slot)).map(names::pod)
                .toList();
    }

    private void attempt(Runnable part) {
        try {
            part.run();
        } catch (RuntimeException e) {
            note(e);
        }
    }

    /**
     * The first failure is told; what somebody changed at the same time is looked at again by the next pass.
     */
    private void note(RuntimeException e) {
        if (Trouble.isConflict(e)) {
            changedMeanwhile = true;
        } else if (failure == null) {
            failure = e;
        }
    }

    private @Nullable Situation look(Snapshot snapshot, SecretKeeper.@Nullable Keys keys) {
        if (keys == null) {
            observed = Optional.of(snapshot.observed(names, new TreeMap<>(), null));
            return null; // paused before it began: there is nobody to talk to
        }
        MemberAdmin.Target target = target(snapshot, keys);
        MemberAdmin.Sighting sighting = tools.members().look(target);
        if (sighting.confirmed() == null && wasAvailable()) {
            // On a busy machine one look may find nobody in time. What would alarm people is looked at twice.
            sighting = tools.members().look(target);
        }
        silent = sighting.silent();
        Observed seen = snapshot.observed(names, sighting.members(), sighting.confirmed());
        observed = Optional.of(seen);
        return new Situation(blueprint, snapshot, seen, target);
    }

    private boolean wasAvailable() {
        return cluster.getStatus() != null && cluster.getStatus().conditions().stream().anyMatch(
                condition -> condition.type().equals("Available") && condition.status() == Truth.True);
    }

    private MemberAdmin.Target target(Snapshot snapshot, SecretKeeper.Keys keys) {
        var ports = blueprint.spec().sidecar().ports();
        return new MemberAdmin.Target(names,
                snapshot.record().map(record -> record.latch().cluster()).orElse(null), ports.admin(),
                ports.peers(), keys.operator(), keys.trusted(), snapshot.hosts(names));
    }

    /** The step; or, when it could not be taken as things stand now, that it is waited for. */
    private Decision take(Decision.Act act, Situation situation, long begun) {
        Duration age = Duration.ofNanos(System.nanoTime() - begun);
        if (age.compareTo(LOOK_AGE_MAX) > 0) {
            return new Decision.Await(act.reason(),
                    act.message() + ": not yet, for it was decided on what was"
                            + " seen " + age.toSeconds() + " s ago");
        }
        try {
            String changed = tools.secondLook().changed(act.action(), cluster, situation);
            if (!changed.isEmpty()) {
                return new Decision.Await(act.reason(), act.message() + ": not yet, for " + changed);
            }
            tools.steps().take(act.action(), situation);
            LOG.info("{}/{}: {} ({}): {}", names.namespace(), names.cluster(),
                    act.action().getClass().getSimpleName(), act.reason(), act.message());
            return act;
        } catch (MemberException e) {
            LOG.warn("{}/{}: {} ({}): {} was not done: {}", names.namespace(), names.cluster(),
                    act.action().getClass().getSimpleName(), act.reason(), act.message(), e.getMessage());
            return new Decision.Await(act.reason(), act.message() + ": not yet: " + e.getMessage());
        } catch (RuntimeException e) {
            if (!Trouble.isConflict(e)) {
                throw e;
            }
            return new Decision.Await(act.reason(), act.message() + NOT_YET);
        }
    }
}
