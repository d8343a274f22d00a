package dev.synod.paxos;

/**
 * The protocol and storage bugs that the simulator plants to prove that it would catch them. {@code M}
 * numbers are common bugs of such systems, {@code R} bugs that others shipped, {@code E} a broken rule of the
 * epoch change, {@code S} a broken rule of storage and identity, {@code C} a broken rule of sessions and
 * claims. None is ever on in production: see {@link Defects}.
 */
public enum Defect {
    /** A promise leaves before it is durable. */
    M01_PROMISE_NOT_PERSISTED,
    /** Accepted leaves before its entries are durable. */
    M02_ACCEPTED_BEFORE_SYNC,
    /** No directory sync after a segment or snapshot is created or renamed (etcd#6368). */
    M03_NO_DIRECTORY_SYNC,
    /** The votes of one acceptor are counted twice. */
    M04_VOTE_COUNTED_TWICE,
    /** A quorum is half the voters, not more than half. */
    M05_QUORUM_OF_HALF,
    /** An acceptor takes Accept and Sync below its promise. */
    M06_ACCEPT_BELOW_PROMISE,
    /** A new leader keeps its own log instead of the best one. */
    M07_OWN_LOG_INSTEAD_OF_BEST,
    /** A new leader adopts the log received last instead of the best one. */
    M08_LATEST_LOG_INSTEAD_OF_BEST,
    /** Votes given at different ballots are added up. */
    M09_VOTES_OF_OTHER_BALLOTS,
    /** The round starts again from 1 after a restart. */
    M10_ROUND_RESET_ON_RESTART,
    /** Entries are applied over a gap. */
    M11_APPLY_OVER_GAP,
    /** A new leader serves reads before its LeaderStart is decided (etcd#7331). */
    M12_READ_BEFORE_LEADER_START,
    /** A leader stays when it learns of a higher ballot. */
    M13_NO_STEP_DOWN,
    /** The applied index is saved apart from the state it belongs to (etcd v3.5 post-mortem). */
    M14_APPLIED_INDEX_APART,
    /** Installing a snapshot forgets promised and accepted. */
    M15_SNAPSHOT_DROPS_BALLOTS,
    /** Damage in the middle of the log is cut off like a torn tail. */
    M16_CORRUPTION_AS_TORN_TAIL,
    /** Checksums of records are not checked. */
    M17_CHECKSUM_IGNORED,
    /** The checksum does not cover the record's place, so a misdirected one passes. */
    M18_CHECKSUM_WITHOUT_PLACE,
    /** An fsync error is retried, and the retry's success believed. */
    M19_FSYNC_RETRIED,
    /** A second StopSign is proposed while one is undecided. */
    M20_TWO_CHANGES_IN_FLIGHT,
    /** A wiped member is formatted again under its old identity and votes. */
    M21_WIPED_MEMBER_VOTES,
    /** A snapshot leaves out the replies by which a repeated request is told. */
    M22_REPLIES_NOT_IN_SNAPSHOT,
    /** A client that does not know what became of a request asks again under a new id (jetcd). */
    M23_RETRY_WITH_NEW_ID,
    /** A release frees the lock whoever holds it, and whichever grant was meant. */
    M24_RELEASE_OF_ANYONES,
    /** An expiry proposed by an earlier leader is carried out (etcd#15247). */
    M25_OLD_LEADERS_EXPIRY,
    /** A waiter whose session has ended keeps its place, and is granted the lock (etcd#11456). */
    M26_DEAD_WAITER_GRANTED,
    /** Tokens are counted by each process for itself, from its start or its snapshot. */
    M27_TOKEN_COUNTED_LOCALLY,
    /** Who is next in a queue is granted the token of who left. */
    M28_TOKEN_HANDED_ON,
    /** A leader answers reads from its own state without confirming that it still leads. */
    M29_UNCONFIRMED_READ,
    /** A retried read is satisfied by the confirmation begun before it (etcd#20418). */
    M30_READ_CONFIRMATION_REUSED,
    /** A new leader does not give every session its whole TTL again. */
    M31_EXPIRY_NOT_RESTARTED,
    /** A session is guaranteed from when its renewal was answered, not from when it was sent. */
    M32_GUARANTEE_FROM_REPLY,
    /** A watch that resumes is told one revision too little. */
    M33_WATCH_REVISION_SKIPPED,
    /** The result of a command depends on the order of a hash table. */
    M34_HASH_ORDER_IN_APPLY,
    /** Messages of an earlier incarnation of a member are believed. */
    M35_OLD_INCARNATION_BELIEVED,
    /** A candidate prepares without probing first. */
    M36_NO_PROBE,
    /** All members have equal election timeouts. */
    M37_EQUAL_TIMERS,
    /** Proposals queue without limit. */
    M38_QUEUE_WITHOUT_LIMIT,

    /** A single voter decides before its own write is durable (etcd#14370). */
    R03_SINGLE_VOTER_BEFORE_DISK,
    /**
     * The accepted ballot becomes durable in a batch before the entries that it stands for (ZOOKEEPER-3911).
     */
    R10_BALLOT_BEFORE_ENTRIES,
    /** A follower takes entries that leave a hole behind its log, and passes them on (ZOOKEEPER-4925). */
    R11_HOLE_IN_LOG,
    /** A read sees entries that are appended but not decided (CASSANDRA-12126). */
    R16_READ_OF_UNDECIDED,
    /** One variable serves as promised and accepted (arXiv 1906.10917). */
    R17_ONE_BALLOT_VARIABLE,
    /** A follower serves reads from its own state (Ceph tracker 7736). */
    R18_FOLLOWER_LOCAL_READ,
    /** Prepare leaves before the candidate's own ballot is durable, so that a restart uses it again. */
    R19_PREPARE_BEFORE_DURABLE,
    /** A follower advances decided on the word of a leader whose log it has not adopted (aeron#1898). */
    R21_DECIDED_PAST_OWN_BALLOT,
    /** Recovery believes the decided hint beyond the end of the log it found (camunda#14509). */
    R23_LOG_BEHIND_DECIDED,
    /** A Sync starts at the leader's base when the follower's decided lies below it (omnipaxos#58). */
    R26_SYNC_ACROSS_TRIM,

    /** A member acts in the new epoch before its EPOCH batch is durable. */
    E01_ACTS_BEFORE_EPOCH_DURABLE,
    /** EPOCH is written again inside an epoch and resets both ballots. */
    E02_EPOCH_REENTERED,
    /** The seal carries the StopSign's proposedAt instead of the ballot that decided it. */
    E03_SEAL_BALLOT_PROPOSED_AT,
    /** Members that are not voters of the ballot's epoch are counted. */
    E04_REMOVED_MEMBERS_COUNTED,
    /** An undecided tail survives entering an epoch. */
    E05_TAIL_KEPT_ON_ENTRY,
    /** A leader that adopted a StopSign appends its LeaderStart after it. */
    E06_LEADER_START_AFTER_STOP,
    /** The leader that proposed a StopSign goes on serving reads. */
    E07_READ_AFTER_PROPOSED_STOP,
    /** The leader that adopted a StopSign serves reads. */
    E08_READ_AFTER_ADOPTED_STOP,
    /** A repeated Sync of the accepted ballot truncates the log. */
    E09_STALE_SYNC_TRUNCATES,

    /** A member votes although its activation is not on its volume. */
    S01_VOTES_BEFORE_ACTIVATION,
    /** An old segment is dropped before a later STATE is durable (etcd#10219). */
    S02_SEGMENT_DROPPED_BEFORE_STATE,
    /** No sealing batch after a burst, so that damage in the last acknowledged batch looks torn. */
    S03_NO_SEALING_BATCH,
    /** A starting member trusts clean pages and does not rewrite its last batch. */
    S04_LAST_BATCH_NOT_REWRITTEN,
    /** Two processes with one incarnation are both believed whatever their nonces. */
    S05_NONCE_IGNORED,
    /** The promise file is not consulted at recovery. */
    S06_PROMISE_FILE_IGNORED,
    /** A member whose volume forgot what a peer remembers goes on voting. */
    S07_FORGOTTEN_STATE_BELIEVED,
    /** A cluster without its latch is formatted beside volumes that already belong to one (etcd#12227). */
    S08_LATCH_IGNORED,
    /** Of two processes with copies of one volume, one counts what peers answered the other. */
    S09_ANSWER_TO_ANOTHER_BELIEVED,

    /** A renewal is acknowledged without a confirmation of leadership begun after it arrived. */
    C01_RENEWAL_UNCONFIRMED,
    /** A session whose expiry is proposed and undecided is renewed. */
    C02_RENEWAL_AFTER_EXPIRE,
    /** A grant is answered although its session is not guaranteed any more. */
    C03_GRANT_WITHOUT_GUARANTEE,
    /** A recovered state goes on with the tokens and session ids that it had (no NewEra). */
    C04_NO_NEW_ERA,
    /** A leader that did not run for a while does not extend its sessions' deadlines by that (etcd#12528). */
    C05_TICK_GAP_IGNORED,
    /** A lock granted to who waits no longer stays granted (zk-ruby#49). */
    C06_CLAIM_LEAKED
}
