package dev.synod.state;

import dev.synod.paxos.Bytes;
import dev.synod.paxos.MalformedException;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** All elections: who leads and who stands. Whoever gives way is followed in the same command. */
final class Elections {
    private final Ledger ledger;
    private final TreeMap<String, Election> elections = new TreeMap<>();
    private final Belongings claims = new Belongings();

    Elections(Ledger ledger) {
        this.ledger = ledger;
    }

    Reply campaign(Command.Campaign command) {
        var claimant = new Claimant(command.request().session(), command.candidate());
        Election election = findOrNew(command.name());
        if (election.isLedBy(claimant)) {
            return new Reply.Granted(election.token());
        }
        if (election.line().find(claimant) != null) {
            return new Reply.Queued(election.line().positionOf(claimant));
        }
        if (election.leader() == null) {
            return new Reply.Granted(elect(election, claimant, command.value()));
        }
        queue(election, new Candidate(claimant, ledger.index(), command.value()));
        return new Reply.Queued(election.line().size());
    }

    Reply proclaim(Command.Proclaim command) {
        var claimant = new Claimant(command.request().session(), command.candidate());
        Election election = elections.get(command.name());
        Leader leader = election == null ? null : election.leader();
        if (election == null || leader == null || !election.isLedBy(claimant)) {
            return new Reply.Refused(Refusal.NOT_LEADER, claimant + " does not lead election "
                    + command.name() + "; only its leader proclaims");
        }
        if (command.token() != 0 && command.token() != leader.token()) {
            return stale(election, command.token());
        }
        var proclaiming = new Leader(claimant, leader.token(), command.value());
        dropLeader(election, leader);
        lead(election, proclaiming);
        ledger.report(new Event.LeaderProclaimed(election.name(), proclaiming));
        return new Reply.Done(true);
    }

    Reply resign(Command.Resign command) {
        var claimant = new Claimant(command.request().session(), command.candidate());
        Election election = elections.get(command.name());
        if (election == null || !knows(command.name(), claimant)) {
            return new Reply.Refused(Refusal.CANDIDATE_NOT_FOUND,
                    claimant + " does not stand in election " + command.name());
        }
        leave(election, claimant, Cause.RESIGNED);
        settle(election);
        return new Reply.Done(true);
    }

    Reply transfer(Command.TransferLeadership command) {
        Election election = elections.get(command.name());
        Leader leader = election == null ? null : election.leader();
        if (election == null || leader == null) {
            return noSuchCandidate(command);
        }
        if (command.token() != 0 && command.token() != leader.token()) {
            return stale(election, command.token());
        }
        if (leader.claimant().owner().equals(command.candidate())) {
            return new Reply.Granted(leader.token());
        }
        Candidate next = election.firstCalled(command.candidate());
        if (next == null) {
            return noSuchCandidate(command);
        }
        leave(election, leader.claimant(), Cause.TRANSFERRED);
        long token = promote(election, next);
        queue(election, new Candidate(leader.claimant(), ledger.index(), leader.value()));
        return new Reply.Granted(token);
    }

    private static Reply noSuchCandidate(Command.TransferLeadership command) {
        return new Reply.Refused(Refusal.CANDIDATE_NOT_FOUND, "nobody called " + command.candidate()
                + " stands in election " + command.name() + "; a candidate has to campaign first");
    }

    private static Reply stale(Election election, long token) {
        return new Reply.Refused(Refusal.FENCING_TOKEN_STALE, "election " + election.name()
                + " is led by token " + election.token() + ", not " + token, election.token());
    }

    /** Drops all candidacies of a session that ended; others follow where it led. */
    void end(long session, Cause cause) {
        for (String name : claims.namesOf(session)) {
            Election election = elections.get(name);
            if (election == null) {
                throw new IllegalStateException(
                        "a session stands in election " + name + ", which is not there");
            }
            for (String candidate : claims.ownersOf(session, name)) {
                leave(election, new Claimant(session, candidate), cause);
            }
            settle(election);
        }
    }

    /** Elects who waits longest where nobody leads; forgets an election that nobody stands in. */
    private void settle(Election election) {
        if (election.leader() != null) {
            return;
        }
        Candidate next = election.line().first();
        if (next == null) {
            elections.remove(election.name());
        } else {
            promote(election, next);
        }
    }

    private long promote(Election election, Candidate next) {
        election.line().leave(next.claimant());
        ledger.remove(new Element.OfCandidate(election.name(), next));
        return elect(election, next.claimant(), next.value());
    }

    private long elect(Election election, Claimant claimant, Bytes value) {
        var leader = new Leader(claimant, ledger.advance(), value);
        lead(election, leader);
        ledger.report(new Event.LeaderElected(election.name(), leader));
        return leader.token();
    }

    private void queue(Election election, Candidate candidate) {
        join(election, candidate);
        ledger.report(new Event.CandidateQueued(election.name(), candidate));
    }

    private void lead(Election election, Leader leader) {
        elections.put(election.name(), election);
        election.setLeader(leader);
        claims.add(leader.claimant().session(), election.name(), leader.claimant().owner());
        ledger.add(new Element.OfLeader(election.name(), leader));
    }

    private void dropLeader(Election election, Leader leader) {
        election.setLeader(null);
        ledger.remove(new Element.OfLeader(election.name(), leader));
    }

    private void join(Election election, Candidate candidate) {
        election.line().join(candidate.claimant(), candidate.ticket(), candidate);
        claims.add(candidate.claimant().session(), election.name(), candidate.claimant().owner());
        ledger.add(new Element.OfCandidate(election.name(), candidate));
    }

    private void leave(Election election, Claimant claimant, Cause cause) {
        long token = 0;
        Leader leader = election.leader();
        if (leader != null && election.isLedBy(claimant)) {
            token = leader.token();
            dropLeader(election, leader);
        }
        Candidate candidate = election.line().leave(claimant);
        if (candidate != null) {
            ledger.remove(new Element.OfCandidate(election.name(), candidate));
        }
        claims.remove(claimant.session(), election.name(), claimant.owner());
        ledger.report(new Event.ElectionLeft(election.name(), claimant, token, cause));
    }

    /** Whether the claimant leads or stands. */
    boolean knows(String name, Claimant claimant) {
        Election election = elections.get(name);
        return election != null && (election.isLedBy(claimant) || election.line().find(claimant) != null);
    }

    /** The token that stands; 0 when nobody leads. */
    long token(String name) {
        Election election = elections.get(name);
        return election == null ? 0 : election.token();
    }

    ElectionView view(String name) {
        Election election = elections.get(name);
        return election == null ? new ElectionView(name, null, List.of()) : election.view();
    }

    /** All that somebody stands in, by name. */
    NavigableMap<String, Election> byName() {
        return elections;
    }

    /** An election is among the others only once somebody stands in it. */
    private Election findOrNew(String name) {
        Election election = elections.get(name);
        return election == null ? new Election(name) : election;
    }

    void restore(Element.OfLeader element) {
        check(element.leader().token() <= ledger.revision());
        lead(findOrNew(element.name()), element.leader());
    }

    void restore(Element.OfCandidate element) {
        Election election = elections.get(element.name());
        if (election == null || knows(element.name(), element.candidate().claimant())) {
            throw new MalformedException("a candidate beside nobody, or twice");
        }
        check(element.candidate().ticket() <= ledger.index());
        join(election, element.candidate());
    }

    /** What can be seen only when all was restored. */
    void checkRestored(Sessions sessions) {
        check(claims.belongTo(sessions));
    }

    private static void check(boolean holds) {
        if (!holds) {
            throw new MalformedException("a candidate that cannot be");
        }
    }

    void forEachLeader(Consumer<Element> sink) {
        for (Election election : elections.values()) {
            Leader leader = election.leader();
            if (leader != null) {
                sink.accept(new Element.OfLeader(election.name(), leader));
            }
        }
    }

    void forEachCandidate(Consumer<Element> sink) {
        for (Election election : elections.values()) {
            for (Candidate candidate : election.line().waiting()) {
                sink.accept(new Element.OfCandidate(election.name(), candidate));
            }
        }
    }
}
