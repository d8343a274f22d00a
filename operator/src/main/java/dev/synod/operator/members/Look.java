package dev.synod.operator.members;

import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import com.google.common.util.concurrent.MoreExecutors;
import dev.synod.admin.v1.AdminServiceGrpc;
import dev.synod.admin.v1.AdminServiceGrpc.AdminServiceFutureStub;
import dev.synod.admin.v1.ConfiguredMember;
import dev.synod.admin.v1.ConfirmStatusRequest;
import dev.synod.admin.v1.ConfirmStatusResponse;
import dev.synod.admin.v1.GetStatusRequest;
import dev.synod.admin.v1.GetStatusResponse;
import dev.synod.admin.v1.MemberStatus;
import dev.synod.admin.v1.Phase;
import dev.synod.admin.v1.Role;
import dev.synod.operator.members.MemberAdmin.Sighting;
import dev.synod.operator.members.MemberAdmin.Target;
import dev.synod.operator.plan.Observed;
import dev.synod.operator.plan.Slot;
import io.grpc.Deadline;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One look at the members of a cluster.
 *
 * <ol>
 *   <li>Each place is asked for its status, all at once.
 *   <li>Who says that it leads is asked to confirm; when nobody does, or could, all others at once: any of
 * them
 *       can, if there is a quorum. The first who does is believed.
 * </ol>
 */
final class Look {
    private static final long STATUS_MILLIS = 1_500;
    private static final long LEADER_MILLIS = 750;

    private final Channels channels;
    private final Target target;
    private final Deadline end =
            Deadline.after(MemberAdmin.LOOK_MAX.toMillis(), TimeUnit.MILLISECONDS);
    private final SortedMap<Slot, MemberStatus> statuses = new TreeMap<>();
    private final SortedMap<Slot, String> silent = new TreeMap<>();

    Look(Channels channels, Target target) {
        this.channels = channels;
        this.target = target;
    }

    /** What is there, and what a quorum confirms. */
    Sighting sighting() {
        askEach();
        MemberStatus confirmed = confirmed();
        return seen(confirmed == null ? null : Statuses.confirmed(target.names(), confirmed));
    }

    /** What is there. */
    Sighting sightingOfEach() {
        askEach();
        return seen(null);
    }

    private Sighting seen(Observed.@Nullable Confirmed confirmed) {
        SortedMap<Slot, Observed.Member> members = new TreeMap<>();
        statuses.forEach((slot, status) -> members.put(slot, Statuses.member(status)));
        return new Sighting(members, confirmed, silent);
    }

    /** Members of this cluster that run, those first who have most reason to know who leads. */
    List<Slot> candidates() {
        askEach();
        return statuses.entrySet().stream().filter(entry -> isOurs(entry.getValue()))
                .sorted(Comparator
                        .comparingInt(
                                (Map.Entry<Slot, MemberStatus> entry) -> leads(entry.getValue()) ? 0 : 1)
                        .thenComparingLong(entry -> -entry.getValue().getAppliedIndex()))
                .map(Map.Entry::getKey).toList();
    }

    /** What a member of {@link #candidates} said. */
    @Nullable
    MemberStatus status(Slot slot) {
        return statuses.get(slot);
    }

    /** Why the others said nothing. */
    SortedMap<Slot, String> silent() {
        return silent;
    }

    private boolean isOurs(MemberStatus status) {
        return status.getPhase() == Phase.PHASE_RUNNING
                && (target.cluster() == null || target.cluster().toString().equals(status.getClusterId()));
    }

    static boolean leads(MemberStatus status) {
        return status.getRole() == Role.ROLE_LEADER;
    }

    private void askEach() {
        Map<Slot, ListenableFuture<GetStatusResponse>> asked = new TreeMap<>();
        for (Slot slot : target.hosts().keySet()) {
            try {
                asked.put(slot, stub(slot, STATUS_MILLIS).getStatus(GetStatusRequest.getDefaultInstance()));
            } catch (MemberException e) {
                silent.put(slot, String.valueOf(e.getMessage()));
            }
        }
        asked.forEach((slot, answer) -> {
            try {
                MemberStatus status = answer.get(remainingMillis(), TimeUnit.MILLISECONDS).getStatus();
                Statuses.check(status);
                statuses.put(slot, status);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                unheard(slot, answer, e);
            } catch (ExecutionException e) {
                unheard(slot, answer, e.getCause() == null ? e : e.getCause());
            } catch (TimeoutException | IllegalArgumentException e) {
                unheard(slot, answer, e);
            }
        });
    }

    private void unheard(Slot slot, ListenableFuture<?> answer, Throwable why) {
        answer.cancel(true);
        channels.drop(target, slot);
        silent.put(slot, String.valueOf(
                Failures.of(target, slot, "look at the member", why).getMessage()));
    }

    private @Nullable MemberStatus confirmed() {
        if (!mayBeConfirmed()) {
            return null;
        }
        List<Slot> leaders = new ArrayList<>();
        List<Slot> others = new ArrayList<>();
        statuses.forEach((slot, status) -> {
            if (isOurs(status)) {
                (leads(status) ? leaders : others).add(slot);
            }
        });
        MemberStatus confirmed = firstToConfirm(leaders, LEADER_MILLIS);
        return confirmed == null ? firstToConfirm(others, remainingMillis()) : confirmed;
    }

    /**
     * False while a cluster begins: as long as too few voters are activated nobody confirms anything, and
     * there is nothing to wait for. Voters that do not answer here may well answer others.
     */
    private boolean mayBeConfirmed() {
        MemberStatus newest = statuses.values().stream().filter(this::isOurs)
                .max(Comparator.comparingInt(status -> status.getConfiguration().getEpoch())).orElse(null);
        if (newest == null) {
            return false;
        }
        Set<String> voters = newest.getConfiguration().getMembersList().stream()
                .filter(ConfiguredMember::getVoter).map(ConfiguredMember::getMemberId)
                .collect(Collectors.toCollection(HashSet::new));
        if (voters.isEmpty()) {
            return true;
        }
        int majority = voters.size() / 2 + 1;
        statuses.values().stream().filter(status -> !status.getActivated()).map(MemberStatus::getMemberId)
                .forEach(voters::remove);
        return voters.size() >= majority;
    }

    private @Nullable MemberStatus firstToConfirm(List<Slot> slots, long millis) {
        if (slots.isEmpty() || remainingMillis() == 0) {
            return null;
        }
        CompletableFuture<Optional<MemberStatus>> first = new CompletableFuture<>();
        AtomicInteger left = new AtomicInteger(slots.size());
        List<ListenableFuture<ConfirmStatusResponse>> asked = new ArrayList<>();
        for (Slot slot : slots) {
            ListenableFuture<ConfirmStatusResponse> answer =
                    stub(slot, millis).confirmStatus(ConfirmStatusRequest.getDefaultInstance());
            asked.add(answer);
            Futures.addCallback(answer, new Confirmation(first, left), MoreExecutors.directExecutor());
        }
        try {
            return first.get(remainingMillis(), TimeUnit.MILLISECONDS).filter(this::isOurs).orElse(null);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        } catch (ExecutionException | TimeoutException e) {
            return null; // nobody confirmed it in time
        } finally {
            asked.forEach(answer -> answer.cancel(true));
        }
    }

    private AdminServiceFutureStub stub(Slot slot, long millis) {
        return AdminServiceGrpc.newFutureStub(channels.to(target, slot))
                .withDeadline(end.minimum(Deadline.after(millis, TimeUnit.MILLISECONDS)));
    }

    private long remainingMillis() {
        return Math.max(0, end.timeRemaining(TimeUnit.MILLISECONDS));
    }
}
