package dev.synod.operator.act;

import dev.synod.operator.members.MemberAdmin;
import dev.synod.operator.model.Blueprint;
import dev.synod.operator.model.BootstrapRecord;
import dev.synod.operator.model.Names;
import dev.synod.operator.model.RecoveryPod;
import dev.synod.operator.plan.Action;
import dev.synod.operator.plan.Observed;
import dev.synod.operator.plan.PodSet;
import dev.synod.operator.plan.Slot;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * One step of the plan, carried out. Each may be repeated, and carried out by two operators at once: a
 * deletion names the UID of what it means, a change the version that it was decided on, and what is decided
 * once is created and never replaced. Whoever finds that somebody else was there looks again.
 */
public final class Steps {
    private final KubernetesClient client;
    private final Applier applier;
    private final Deletions deletions;
    private final Patches patches;
    private final MemberAdmin members;
    private final Supplier<UUID> identities;

    /** Identities are drawn from {@code identities}. */
    public Steps(KubernetesClient client, MemberAdmin members, Supplier<UUID> identities) {
        this.client = client;
        this.applier = new Applier(client);
        this.deletions = new Deletions(client);
        this.patches = new Patches(client);
        this.members = members;
        this.identities = identities;
    }

    /**
     * Takes a step.
     *
     * @throws KubernetesClientException when the API server refuses or does not answer; 409 when something
     * has
     *     changed since the situation was looked at
     * @throws dev.synod.operator.members.MemberException when a member does not do it
     */
    public void take(Action action, Situation now) {
        Names names = now.blueprint().names();
        MemberAdmin.Target target = now.target();
        switch (action) {
            case Action.WriteLatch it -> createRecord(now,
                    new Observed.Latch(identities.get(), identities(it.voters()), false));
            case Action.AdoptLatch it -> createRecord(now,
                    new Observed.Latch(it.cluster(), votersOf(now.observed()), true));
            case Action.SetLatch() -> changeLatch(now, old -> new Observed.Latch(old.cluster(), old.initial(),
                    true, old.recovery(), old.notes()));
            case Action.CreateSet it -> applier.apply(null, now.blueprint().set(it.set(), it.replicas(),
                    now.blueprint().spec().storage().size()), false);
            case Action.Scale it -> scale(now, it);
            case Action.Format it -> members.format(target, it.slot(), latch(now).cluster(), it.member(),
                    latch(now).initial());
            case Action.FormatNewcomer it -> members.format(target, it.slot(), latch(now).cluster(),
                    identities.get(), List.of());
            case Action.Activate it -> members.activate(target, it.slot(), latch(now).cluster());
            case Action.AddObserver it -> members.addObserver(target, it.member(), it.slot());
            case Action.RemoveObserver it -> members.removeObserver(target, it.member());
            case Action.Reconfigure it -> members.reconfigure(target, it.expectedEpoch(), it.voters());
            case Action.TransferLeadership it -> members.transferLeadership(target, it.to());
            case Action.DeletePod it -> deletions.pod(names, it.slot(), it.uid());
            case Action.DeleteClaim it -> deletions.claim(names, it.slot(), it.uid());
            case Action.RecreateSet it -> deletions.setWithoutItsPods(existing(now, it.set()));
            case Action.ResizeClaim it -> patches.claimSize(names, it.slot(),
                    Objects.requireNonNull(now.observed().claims().get(it.slot())).uid(),
                    now.blueprint().spec().storage().size());
            case Action.PinImage() -> changeRecord(now,
                    old -> new BootstrapRecord(old.latch(), now.blueprint().image()));
            case Action.PatchAppImages it -> patchAppImages(now, it.slot());
            case Action.Remember it -> changeLatch(now, old -> old.with(it.notes()));
            case Action.NoteRecovery it -> changeLatch(now, old -> old.noting(new Observed.Recovery(it.slot(),
                    it.survivor(), identities.get(), identities.get())));
            case Action.NoteWriting() -> changeLatch(now, Observed.Latch::writing);
            case Action.ForgetRecovery() -> changeLatch(now, Observed.Latch::calledOff);
            case Action.RunRecovery it -> createUnlessThere(RecoveryPod.of(now.blueprint(), it.recovery()));
            case Action.SwitchLatch it -> changeLatch(now, old -> old.switched(it.cluster()));
            case Action.FinishRecovery() -> changeLatch(now, Observed.Latch::finished);
            case Action.DeleteRecoveryJob it -> deletions.recoveryJob(names, it.uid());
        }
    }

    /**
     * A set as it is to be, but with as many pods and with the claim template that it has: the first is the
     * plan's to change, the second cannot be changed.
     */
    public static StatefulSet withTemplate(Blueprint blueprint, PodSet set, StatefulSet live, int replicas) {
        StatefulSet wanted = blueprint.set(set, replicas, blueprint.spec().storage().size());
        wanted.getSpec().setVolumeClaimTemplates(live.getSpec().getVolumeClaimTemplates());
        return wanted;
    }

    private List<UUID> identities(int count) {
        return Stream.generate(identities).limit(count).toList();
    }

    private static List<UUID> votersOf(Observed observed) {
        return Objects.requireNonNull(observed.confirmed(), "adopted without a quorum").members().stream()
                .filter(Observed.Configured::voter)
                .sorted(Comparator.comparing(Observed.Configured::slot,
                        Comparator.nullsLast(Comparator.naturalOrder())))
                .map(Observed.Configured::id).toList();
    }

    private static Observed.Latch latch(Situation now) {
        return Objects.requireNonNull(now.observed().latch(), "a member's step without a latch");
    }

    private static StatefulSet existing(Situation now, PodSet set) {
        return Objects.requireNonNull(now.snapshot().set(set), "a step on a set that does not exist");
    }

    private void createRecord(Situation now, Observed.Latch latch) {
        // Whose record was lost keeps the image that it has. One that the spec names may not even start: it
        // is written down when all members run it.
        String image = now.blueprint().spec().image() == null
                ? now.blueprint().image()
                : now.blueprint().settings().sidecarImage();
        createUnlessThere(new BootstrapRecord(latch, image).toConfigMap(now.blueprint()));
    }

    /** Never replaces: of two operators, one decides. */
    private void createUnlessThere(HasMetadata wanted) {
        try {
            client.resource(wanted).create();
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                throw e;
            }
            // It is there: of another operator, or of this one, whose answer was lost. The next pass reads
            // it.
        }
    }

    private void changeLatch(Situation now, UnaryOperator<Observed.Latch> change) {
        changeRecord(now, old -> new BootstrapRecord(change.apply(old.latch()), old.image()));
    }

    private void changeRecord(Situation now, UnaryOperator<BootstrapRecord> change) {
        ConfigMap stored = Objects.requireNonNull(now.snapshot().bootstrap(), "a record that does not exist");
        ConfigMap wanted = new ConfigMapBuilder(stored)
                .withData(change.apply(BootstrapRecord.of(stored)).toConfigMap(now.blueprint()).getData())
                .build();
        // The version that was read goes with it: nothing else may have been written meanwhile.
        client.resource(wanted).update();
    }

    private void scale(Situation now, Action.Scale asked) {
        StatefulSet live = existing(now, asked.set());
        applier.apply(live, withTemplate(now.blueprint(), asked.set(), live, asked.replicas()), true);
    }

    private void patchAppImages(Situation now, Slot slot) {
        String name = now.blueprint().names().pod(slot);
        Pod pod =
                now.snapshot().pods().stream().filter(it -> it.getMetadata().getName().equals(name)).findAny()
                        .orElseThrow();
        StatefulSet wanted = now.blueprint().set(slot.set(), 0, now.blueprint().spec().storage().size());
        patches.images(pod, wanted.getSpec().getTemplate().getSpec().getContainers());
    }
}
