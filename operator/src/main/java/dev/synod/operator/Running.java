package dev.synod.operator;

import dev.synod.crd.CoordinationCluster;
import dev.synod.operator.health.LeadershipWatch;
import dev.synod.operator.health.OwnLease;
import dev.synod.operator.health.PassThreads;
import dev.synod.operator.health.ProbeServer;
import dev.synod.operator.members.MemberAdmin;
import dev.synod.operator.reconcile.CoordinationClusterReconciler;
import dev.synod.operator.reconcile.TolerantReading;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ConfigurationServiceOverrider;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.monitoring.micrometer.MicrometerMetrics;
import io.javaoperatorsdk.operator.processing.event.rate.LinearRateLimiter;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything that runs in the process, wired by hand, in the order in which it starts; it stops in the other.
 */
final class Running {
    private static final Logger LOG = LoggerFactory.getLogger(Running.class);

    private static final int THREADS = 8;
    private static final Duration LEASE = Duration.ofSeconds(15);
    private static final Duration RENEW_DEADLINE = Duration.ofSeconds(10);
    private static final Duration RETRY = Duration.ofSeconds(2);
    /** A pass ends within that: a look, a member's command, a few requests. */
    private static final Duration STOP = Duration.ofSeconds(20);
    /** A fuse, which nothing right ever reaches. */
    private static final LinearRateLimiter FUSE = new LinearRateLimiter(Duration.ofSeconds(10), 40);

    private final KubernetesClient client;
    private final MemberAdmin members;
    private final Operator operator;
    private final ProbeServer probes;
    private final PrometheusMeterRegistry registry;
    private final @Nullable LeadershipWatch leadership;
    private final Stopping stopping;
    private final Runnable release;

    /** Whether SIGTERM has come. */
    private static final class Stopping {
        private volatile boolean begun;
    }

    private Running(KubernetesClient client, MemberAdmin members, Operator operator, ProbeServer probes,
            PrometheusMeterRegistry registry, @Nullable LeadershipWatch leadership, Stopping stopping,
            Runnable release) {
        this.client = client;
        this.members = members;
        this.operator = operator;
        this.probes = probes;
        this.registry = registry;
        this.leadership = leadership;
        this.stopping = stopping;
        this.release = release;
    }

    /**
     * Starts it all.
     *
     * @param end called when the process cannot go on, and has said why in its log: the leadership is lost,
     *     and another operator acts now, or a watch has ended for good. Does not return
     * @throws IOException when nobody can listen on the probes' address
     */
    static Running start(OperatorConfig config, Runnable end) throws IOException {
        PrometheusMeterRegistry registry = registry();
        KubernetesClient client = new KubernetesClientBuilder()
                .withKubernetesSerialization(TolerantReading.serialization())
                .withHttpClientBuilderConsumer(builder -> builder.addOrReplaceInterceptor("requests",
                        new ApiRequests(registry)))
                .build();
        MemberAdmin members = new MemberAdmin();
        Stopping stopping = new Stopping();
        LeadershipWatch leadership = config.lease().isEmpty()
                ? null
                : LeadershipWatch.start(client, config.namespace(), config.lease());
        PassThreads passes = new PassThreads(THREADS);
        Operator operator = new Operator(overrider -> {
            configure(overrider, client, registry);
            overrider.withExecutorService(passes);
            overrider.withInformerStoppedHandler((informer, why) -> ended(informer, why, stopping, end));
            if (leadership != null) {
                overrider.withLeaderElectionConfiguration(
                        election(config, leadership, stopping, end));
            }
        });
        CoordinationClusterReconciler reconciler = new CoordinationClusterReconciler(client, members,
                config.settings(), config.pod(), InstantSource.system(), new SecureRandom());
        operator.register(reconciler, overrider -> watch(overrider, config));
        ProbeServer probes = ProbeServer.start(config.listen(), () -> notLive(operator, passes, leadership),
                () -> operator.getRuntimeInfo().isStarted()
                        ? notLive(operator, passes, leadership)
                        : "it starts",
                registry::scrape);
        LOG.info("probes and metrics are at {}:{}", probes.address().getHostString(),
                probes.address().getPort());
        operator.start();
        return new Running(client, members, operator, probes, registry, leadership, stopping, () -> {
            // Another operator may act from then on.
            if (leadership != null && reconciler.isIdle()) {
                OwnLease.release(client, config.namespace(), config.lease(), config.pod());
            }
        });
    }

    private static PrometheusMeterRegistry registry() {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        // With a value for each number of a retry, of which there is no last.
        registry.config().meterFilter(MeterFilter.ignoreTags("reconciliations.retries.number"));
        registry.config().meterFilter(new MeterFilter() {
            // The framework asks for histograms: seventy lines of metrics for each that nobody looks at.
            @Override
            public DistributionStatisticConfig configure(Meter.Id id, DistributionStatisticConfig config) {
                return DistributionStatisticConfig.builder().percentilesHistogram(false).build()
                        .merge(config);
            }
        });
        new JvmMemoryMetrics().bindTo(registry);
        new JvmGcMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        return registry;
    }

    private static void configure(ConfigurationServiceOverrider overrider, KubernetesClient client,
            PrometheusMeterRegistry registry) {
        overrider.withKubernetesClient(client)
                .withCloseClientOnStop(false)
                .withReconciliationTerminationTimeout(STOP)
                .withStopOnInformerErrorDuringStartup(false)
                .withMetrics(MicrometerMetrics.withoutPerResourceMetrics(registry));
    }

    private static void watch(ControllerConfigurationOverrider<CoordinationCluster> overrider,
            OperatorConfig config) {
        overrider.withRateLimiter(FUSE)
                .withRetry(new GenericRetry().withoutMaxAttempts()
                        .setInitialInterval(Duration.ofSeconds(1)).setIntervalMultiplier(1.5)
                        .setMaxInterval(Duration.ofSeconds(30).toMillis()));
        if (config.watched().isEmpty()) {
            overrider.watchingAllNamespaces();
        } else {
            overrider.settingNamespaces(config.watched());
        }
    }

    /**
     * The framework's own way to end is System.exit with few words; and before the first list none at all.
     */
    private static void ended(SharedIndexInformer<?> informer, @Nullable Throwable why, Stopping stopping,
            Runnable end) {
        if (why == null || stopping.begun) {
            return;
        }
        LOG.error("the watch of every {} has ended for good, and so does the operator, for it would look"
                + " after nobody; it begins again when it is started again. If that ends here too, then one"
                + " object cannot be read, which the cause names: put that right, or delete it, and report it"
                + " as a defect", informer.getApiTypeClass().getSimpleName(), why);
        end.run();
    }

    /** The framework's own way to end is System.exit within a callback, which waits for itself for ever. */
    private static LeaderElectionConfiguration election(OperatorConfig config, LeadershipWatch leadership,
            Stopping stopping, Runnable end) {
        LeaderCallbacks callbacks = new LeaderCallbacks(
                () -> {
                    leadership.leads();
                    LOG.info("{} leads", config.pod());
                },
                () -> {
                    if (!stopping.begun) {
                        LOG.error("{} has lost the Lease {}, and ends: another operator acts now",
                                config.pod(),
                                config.lease());
                        end.run();
                    }
                },
                leader -> LOG.info("{} is the operator that leads", leader));
        return new LeaderElectionConfiguration(config.lease(), config.namespace(), LEASE, RENEW_DEADLINE,
                RETRY,
                config.pod(), callbacks, false);
    }

    private static String notLive(Operator operator, PassThreads passes,
            @Nullable LeadershipWatch leadership) {
        if (operator.getRuntimeInfo().isStarted() && !operator.getRuntimeInfo().allEventSourcesAreHealthy()) {
            return "watches are dead: " + operator.getRuntimeInfo().unhealthyEventSources();
        }
        String stuck = passes.problem();
        return leadership == null || !stuck.isEmpty() ? stuck : leadership.problem();
    }

    /** How many passes were made so far, over all clusters. */
    double passes() {
        return registry.find("operator.sdk.reconciliations.success").counters().stream()
                .mapToDouble(Counter::count).sum();
    }

    /** Ends passes that are under way, then what they use. */
    void stop() {
        LOG.info("the operator stops");
        stopping.begun = true;
        operator.stop();
        release.run();
        if (leadership != null) {
            leadership.close();
        }
        members.close();
        probes.close();
        client.close();
    }
}
