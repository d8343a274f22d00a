package dev.synod.operator.reconcile;

import dev.synod.crd.CoordinationCluster;
import dev.synod.operator.model.Names;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import io.javaoperatorsdk.operator.processing.event.source.controller.ResourceAction;
import io.javaoperatorsdk.operator.processing.event.source.controller.ResourceEvent;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wakes a cluster that has the name of one that has just ended. When the end of the one and the beginning of
 * the other come during one pass, JOSDK 5.2.3 makes a last pass for the end and forgets what came after it:
 * from then on nothing but a change of the new cluster's spec would wake it. So, a moment after each end,
 * somebody looks whether there is a new one. Has a thread of its own.
 */
final class Successors extends AbstractEventSource<Void, CoordinationCluster> {
    private static final Logger LOG = LoggerFactory.getLogger(Successors.class);
    /** By then the framework has done with the end. Later is only later, earlier would be forgotten, too. */
    private static final long LOOK_MILLIS = 1_000;
    private static final long AGAIN_MILLIS = 5_000;

    private final ApiReader reader;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            task -> Thread.ofPlatform().daemon().name("synod-successors").unstarted(task));

    Successors(ApiReader reader) {
        super(Void.class, "successors");
        this.reader = reader;
    }

    /** Of the name of a cluster that has ended there may be another one, now or in a moment. */
    void lookFor(Names names) {
        lookIn(LOOK_MILLIS, names);
    }

    private void lookIn(long millis, Names names) {
        if (!thread.isShutdown()) {
            thread.schedule(() -> look(names), millis, TimeUnit.MILLISECONDS);
        }
    }

    private void look(Names names) {
        try {
            CoordinationCluster now = reader.cluster(names);
            if (now != null) {
                getEventHandler().handleEvent(new ResourceEvent(ResourceAction.ADDED,
                        new ResourceID(names.cluster(), names.namespace()), now));
            }
        } catch (RuntimeException failed) { // a cluster that nobody looks for again stays unseen
            LOG.warn("{}/{}: whether another cluster of that name is there is not known yet: {}",
                    names.namespace(), names.cluster(), failed.toString());
            lookIn(AGAIN_MILLIS, names);
        }
    }

    @Override
    public Set<Void> getSecondaryResources(CoordinationCluster cluster) {
        return Set.of();
    }

    @Override
    public void stop() {
        super.stop();
        thread.shutdownNow();
    }
}
