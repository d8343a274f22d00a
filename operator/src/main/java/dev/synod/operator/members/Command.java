package dev.synod.operator.members;

import dev.synod.admin.v1.AdminServiceGrpc;
import dev.synod.admin.v1.AdminServiceGrpc.AdminServiceBlockingStub;
import dev.synod.admin.v1.MemberStatus;
import dev.synod.operator.members.MemberAdmin.Target;
import dev.synod.operator.members.MemberException.Reason;
import dev.synod.operator.plan.Slot;
import io.grpc.Deadline;
import io.grpc.StatusRuntimeException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** One command to one member, or to whoever leads. */
final class Command {
    /** After these the connection is of no use. */
    private static final Set<Reason> BROKEN = EnumSet.of(Reason.UNREACHABLE, Reason.CERTIFICATES);

    private final Channels channels;
    private final Target target;
    private final String what;
    private final Deadline end =
            Deadline.after(MemberAdmin.COMMAND_MAX.toMillis(), TimeUnit.MILLISECONDS);

    /**
     * Nothing is sent yet.
     *
     * @param what is to be done, for messages
     */
    Command(Channels channels, Target target, String what) {
        this.channels = channels;
        this.target = target;
        this.what = what;
    }

    /** To the member at a place. */
    void at(Slot slot, Consumer<AdminServiceBlockingStub> call) {
        try {
            call.accept(AdminServiceGrpc.newBlockingStub(channels.to(target, slot)).withDeadline(end));
        } catch (StatusRuntimeException e) {
            MemberException failed = Failures.of(target, slot, what, e);
            if (BROKEN.contains(failed.reason())) {
                channels.drop(target, slot);
            }
            throw failed;
        }
    }

    /** To whoever leads: first to who says so, then to whom the others name, then to the others. */
    void atLeader(Consumer<AdminServiceBlockingStub> call) {
        Look look = new Look(channels, target);
        atLeader(look.candidates(), look, call);
    }

    /** The same, unless a given member says that it leads. */
    void atLeaderUnlessItIs(UUID member, Consumer<AdminServiceBlockingStub> call) {
        Look look = new Look(channels, target);
        List<Slot> candidates = look.candidates();
        MemberStatus first = candidates.isEmpty() ? null : look.status(candidates.getFirst());
        if (first == null || !Look.leads(first) || !first.getMemberId().equals(member.toString())) {
            atLeader(candidates, look, call);
        }
    }

    private void atLeader(List<Slot> candidates, Look look, Consumer<AdminServiceBlockingStub> call) {
        Deque<Slot> next = new ArrayDeque<>(candidates);
        Set<Slot> asked = new HashSet<>();
        MemberException last = null;
        for (Slot slot = next.poll(); slot != null; slot = next.poll()) {
            if (!asked.add(slot)) {
                continue;
            }
            try {
                at(slot, call);
                return;
            } catch (MemberException e) {
                if (!e.isWorthAskingAnother()) {
                    throw e;
                }
                last = e;
                Slot leader = e.leader();
                if (leader != null && target.hosts().containsKey(leader)) {
                    next.addFirst(leader);
                }
            }
        }
        throw last == null ? nobody(look) : last;
    }

    private MemberException nobody(Look look) {
        return new MemberException(Reason.UNREACHABLE, "cannot " + what + ": no member of cluster "
                + target.names().cluster() + " runs and answers" + because(look));
    }

    private static String because(Look look) {
        return look.silent().isEmpty() ? "" : "; " + String.join("; ", look.silent().values());
    }
}
