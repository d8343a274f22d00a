package dev.synod.simulation.walk;

import dev.synod.paxos.Entry;
import dev.synod.paxos.Envelope;
import dev.synod.paxos.Member;
import dev.synod.paxos.Message;
import dev.synod.paxos.Payload;
import java.util.List;

/** Values as short text for traces. */
final class Text {
    private Text() {}

    static String entry(Entry entry) {
        String what = switch (entry.payload()) {
            case Payload.LeaderStart start -> "start";
            case Payload.Command command -> "c" + command.body().at(0) + "." + command.body().at(1);
            case Payload.StopSign stop -> "stop>" + voters(stop.next().voters());
            case Payload.AddObserver added -> "observer+";
            case Payload.RemoveObserver removed -> "observer-";
        };
        return what + "@" + entry.proposedAt();
    }

    static String voters(List<Member> voters) {
        StringBuilder text = new StringBuilder();
        for (Member voter : voters) {
            text.append(voter.number());
        }
        return text.toString();
    }

    static String entries(List<Entry> entries) {
        StringBuilder text = new StringBuilder("[");
        for (Entry each : entries) {
            text.append(text.length() > 1 ? " " : "").append(entry(each));
        }
        return text.append(']').toString();
    }

    static String message(Envelope envelope) {
        String what = switch (envelope.message()) {
            case Message.Prepare m ->
                    "Prepare(" + m.ballot() + " log " + m.accepted() + "/" + m.last() + " decided "
                            + m.decided() + ")";
            case Message.Promise m ->
                    "Promise(" + m.ballot() + " log " + m.accepted() + "/" + m.last() + " decided "
                            + m.decided()
                            + " stream " + m.stream() + " " + entries(m.suffix()) + ")";
            case Message.Sync m ->
                    "Sync(" + m.ballot() + " stream " + m.stream() + " from " + m.from() + " through "
                            + m.through()
                            + " " + entries(m.entries()) + " decided " + m.decided() + ")";
            case Message.Accept m ->
                    "Accept(" + m.ballot() + " stream " + m.stream() + " after " + m.previous() + " "
                            + entries(m.entries()) + " decided " + m.decided() + ")";
            case Message.Sealed m ->
                    "Sealed(next " + m.next().epoch() + ":" + voters(m.next().voters()) + " established "
                            + m.established() + " campaign " + m.campaign() + ")";
            case Message.LogChunk m -> "LogChunk(" + entries(m.entries()) + " decided " + m.decided() + ")";
            default -> envelope.message().toString();
        };
        return what + " {epoch " + envelope.epoch() + ", run " + envelope.incarnation() + ", promised "
                + envelope.promised() + ", log " + envelope.accepted() + "/" + envelope.last() + "}";
    }
}
