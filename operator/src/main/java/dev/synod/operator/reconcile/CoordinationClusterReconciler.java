package dev.synod.operator.reconcile;

import dev.synod.crd.CoordinationCluster;
import dev.synod.crd.CoordinationClusterStatus;
import dev.synod.crd.Labels;
import dev.synod.operator.act.Applier;
import dev.synod.operator.act.Furnishing;
import dev.synod.operator.act.SecretKeeper;
import dev.synod.operator.act.Steps;
import dev.synod.operator.members.MemberAdmin;
import dev.synod.operator.model.Blueprint;
import dev.synod.operator.model.Names;
import dev.synod.operator.model.OperatorSettings;
import dev.synod.operator.observe.Wishes;
import dev.synod.operator.plan.Decision;
import dev.synod.operator.status.Outcome;
import dev.synod.operator.status.StatusBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.RetryInfo;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.TransformingItemStore;
import java.net.HttpURLConnection;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * What the framework calls: for one cluster at a time never twice at once, for several on several threads. A
 * pass is made and its result told, whatever it is: by the status, written only when it says something else
 * than before; by events; by a line of the log.
 */
@ControllerConfiguration(name = CoordinationClusterReconciler.NAME, fieldManager = Applier.FIELD_MANAGER,
        // Annotations are wishes too, and change no generation.
        generationAwareEventProcessing = false,
        // To forget the members of a cluster that is gone, without a finalizer that somebody has to remove.
        triggerReconcilerOnAllEvents = true,
        informer = @Informer(onUpdateFilter = WakingChange.class))
public final class CoordinationClusterReconciler implements Reconciler<CoordinationCluster> {
    /** Of the controller, in metrics and logs. */
    public static final String NAME = "coordinationcluster";

    private static final Logger LOG = LoggerFactory.getLogger(CoordinationClusterReconciler.class);

    /** Attempts after which an answer is taken for the API server's last word. */
    private static final int REFUSED_FOR_GOOD = 3;

    /** Of an API server that is overloaded, or of what stands before one that is away; no answer has none. */
    private static final Set<Integer> AWAY = Set.of(429, HttpURLConnection.HTTP_BAD_GATEWAY,
            HttpURLConnection.HTTP_UNAVAILABLE, HttpURLConnection.HTTP_GATEWAY_TIMEOUT);

    private final Pass.Tools tools;
    private final ClusterEvents events;
    private final InstantSource clock;
    private final NamedLeaders leaders = new NamedLeaders();
    private final Successors successors;
    private final AtomicInteger underWay = new AtomicInteger();

    /**
     * Wires it.
     *
     * @param instance name of this operator's pod
     */
    public CoordinationClusterReconciler(KubernetesClient client, MemberAdmin members,
            OperatorSettings settings, String instance, InstantSource clock, SecureRandom random) {
        ApiReader reader = new ApiReader(client, clock);
        this.tools = new Pass.Tools(reader, new SecondLook(reader),
                new SecretKeeper(client, clock, random), new Furnishing(client),
                new Steps(client, members, UUID::randomUUID), members, settings);
        this.successors = new Successors(reader);
        this.events = new ClusterEvents(client, clock, instance);
        this.clock = clock;
    }

    @Override
    public List<EventSource<?, CoordinationCluster>> prepareEventSources(
            EventSourceContext<CoordinationCluster> context) {
        return List.of(successors,
                waking(Pod.class, pod -> new PodBuilder().withMetadata(bare(pod)).build(), context),
                waking(StatefulSet.class, set -> new StatefulSetBuilder().withMetadata(bare(set)).build(),
                        context));
    }

    /**
     * Changes of these wake the cluster whose label they have. Nothing else is read from here, so that caches
     * hold names and versions alone.
     */
    private static <T extends HasMetadata> EventSource<?, CoordinationCluster> waking(Class<T> type,
            UnaryOperator<T> stored, EventSourceContext<CoordinationCluster> context) {
        return new InformerEventSource<>(
                InformerEventSourceConfiguration.from(type, CoordinationCluster.class)
                        .withLabelSelector(Labels.CLUSTER)
                        .withSecondaryToPrimaryMapper(object -> Set.of(new ResourceID(
                                object.getMetadata().getLabels().get(Labels.CLUSTER),
                                object.getMetadata().getNamespace())))
                        .withNamespacesInheritedFromController()
                        .withItemStore(new TransformingItemStore<>(stored))
                        .build(),
                context);
    }

    private static ObjectMeta bare(HasMetadata object) {
        ObjectMeta meta = object.getMetadata();
        return new ObjectMetaBuilder().withName(meta.getName()).withNamespace(meta.getNamespace())
                .withUid(meta.getUid()).withResourceVersion(meta.getResourceVersion())
                .withGeneration(meta.getGeneration()).withLabels(meta.getLabels()).build();
    }

    @Override
    public UpdateControl<CoordinationCluster> reconcile(CoordinationCluster cluster,
            Context<CoordinationCluster> context) {
        underWay.incrementAndGet();
        try {
            return pass(cluster, context);
        } finally {
            underWay.decrementAndGet();
        }
    }

    /** Whether no pass is under way. */
    public boolean isIdle() {
        return underWay.get() == 0;
    }

    private UpdateControl<CoordinationCluster> pass(CoordinationCluster cluster,
            Context<CoordinationCluster> context) {
        if (context.isPrimaryResourceDeleted() || cluster.getMetadata().getDeletionTimestamp() != null) {
            // The garbage collector does the rest by owner references. Nothing is made anew under its hands.
            tools.members().forget(names(cluster));
            tools.secrets().forget(names(cluster));
            leaders.forget(names(cluster));
            if (context.isPrimaryResourceDeleted()) { // until then the one of that name is this one
                successors.lookFor(names(cluster));
            }
            return UpdateControl.noUpdate();
        }
        Pass.Result result = new Pass(tools, cluster).run();
        CoordinationClusterStatus status = status(cluster, result);
        tell(cluster, result.outcome(), status);
        tellOfSilence(cluster, result, status);
        UpdateControl<CoordinationCluster> control = status.equals(cluster.getStatus())
                ? UpdateControl.noUpdate()
                : UpdateControl.patchStatus(withStatus(cluster, status));
        return control.rescheduleAfter(Pace.after(result.outcome()));
    }

    /**
     * For a status that could not be written, and for defects: what else a pass expects to go wrong is told
     * by its own result.
     */
    @Override
    public ErrorStatusUpdateControl<CoordinationCluster> updateErrorStatus(CoordinationCluster cluster,
            Context<CoordinationCluster> context, Exception e) {
        Names names = names(cluster);
        if (e instanceof KubernetesClientException answer && mayPass(answer, context)) {
            LOG.atLevel(Trouble.isConflict(answer) ? Level.INFO : Level.WARN).log(
                    "{}/{}: the status could not be written; it is tried again: {}", names.namespace(),
                    names.cluster(), Trouble.message(answer));
            return ErrorStatusUpdateControl.noStatusUpdate();
        }
        LOG.error("{}/{}: a pass broke; it is tried again", names.namespace(), names.cluster(), e);
        if (context.isPrimaryResourceDeleted()) {
            return ErrorStatusUpdateControl.noStatusUpdate();
        }
        Blueprint blueprint = Blueprint.of(cluster, before(cluster).map(CoordinationClusterStatus::image),
                tools.settings());
        CoordinationClusterStatus status = status(cluster, new Pass.Result(blueprint, Optional.empty(),
                new Outcome.Failed(e.getClass().getSimpleName(), "a defect of the operator: " + e
                        + "; its log says more. It tries again"),
                new TreeMap<>()));
        return status.equals(cluster.getStatus())
                ? ErrorStatusUpdateControl.noStatusUpdate()
                : ErrorStatusUpdateControl.patchStatus(withStatus(cluster, status));
    }

    /**
     * Whether it may be otherwise the next time: the API server is away, the cluster has gone or changed, or
     * it is one of the first answers. What is wrong with a status for good may be answered with any code: two
     * members of one name with 500.
     */
    private static boolean mayPass(KubernetesClientException answer, Context<CoordinationCluster> context) {
        int code = answer.getCode();
        return code <= 0 || AWAY.contains(code) || code == HttpURLConnection.HTTP_NOT_FOUND
                || code == HttpURLConnection.HTTP_CONFLICT
                || context.getRetryInfo().map(RetryInfo::getAttemptCount).orElse(0) < REFUSED_FOR_GOOD;
    }

    private static Names names(CoordinationCluster cluster) {
        return new Names(cluster.getMetadata().getName(), cluster.getMetadata().getNamespace());
    }

    private static Optional<CoordinationClusterStatus> before(CoordinationCluster cluster) {
        return Optional.ofNullable(cluster.getStatus());
    }

    private CoordinationClusterStatus status(CoordinationCluster cluster, Pass.Result result) {
        return new StatusBuilder(result.blueprint(), cluster.getMetadata().getGeneration(), before(cluster),
                Wishes.paused(cluster), clock.instant()).build(result.observed(), result.outcome());
    }

    /**
     * Name, version and status alone: whatever else is sent would be taken for a wish. By the version the API
     * server refuses it when this is not the present object: a wish was changed, and what is said here may be
     * over; or it is another cluster's that has the name by now.
     */
    private static CoordinationCluster withStatus(CoordinationCluster cluster,
            CoordinationClusterStatus status) {
        CoordinationCluster fresh = new CoordinationCluster();
        fresh.setMetadata(new ObjectMetaBuilder().withName(cluster.getMetadata().getName())
                .withNamespace(cluster.getMetadata().getNamespace())
                .withResourceVersion(cluster.getMetadata().getResourceVersion()).build());
        fresh.setSpec(null);
        fresh.setStatus(status);
        return fresh;
    }

    private void tell(CoordinationCluster cluster, Outcome outcome, CoordinationClusterStatus status) {
        String said = degraded(cluster.getStatus());
        switch (outcome) {
            case Outcome.Failed failed -> {
                if (!failed.message().equals(said)) {
                    Names names = names(cluster);
                    LOG.warn("{}/{}: {}: {}", names.namespace(), names.cluster(), failed.reason(),
                            failed.message());
                }
                events.warning(cluster, failed.reason(), "Reconcile", failed.message());
            }
            case Outcome.Decided(Decision.Act act) -> events.normal(cluster, act.reason().name(),
                    act.action().getClass().getSimpleName(), act.message());
            case Outcome.Decided(Decision.Blocked blocked) -> events.warning(cluster,
                    blocked.reason().name(), "Wait", blocked.message());
            case Outcome.Paused paused -> {}
            case Outcome.Decided(Decision.Await await) -> {}
            case Outcome.Decided(Decision.Settled settled) -> {}
        }
        CoordinationClusterStatus old = cluster.getStatus();
        String leader = status.leader();
        if (leader != null && leaders.isAnother(names(cluster), old == null ? null : old.leader(), leader)) {
            events.normal(cluster, "LeaderChanged", "Observe",
                    leader + " leads, in epoch " + status.epoch());
        }
    }

    /**
     * Why members did not answer, when that is new: a network policy and a dead process look alike otherwise.
     */
    private static void tellOfSilence(CoordinationCluster cluster, Pass.Result result,
            CoordinationClusterStatus status) {
        if (!result.silent().isEmpty() && !degraded(status).equals(degraded(cluster.getStatus()))) {
            Names names = names(cluster);
            result.silent()
                    .forEach((slot, why) -> LOG.warn("{}/{}: {}", names.namespace(), names.cluster(), why));
        }
    }

    private static String degraded(@Nullable CoordinationClusterStatus status) {
        return status == null
                ? ""
                : status.conditions().stream().filter(condition -> condition.type().equals("Degraded"))
                        .map(CoordinationClusterStatus.Condition::message).findAny().orElse("");
    }
}
