package dev.synod.operator.tls;

/** Who has a certificate of a cluster's authority, and a Secret for it. */
public enum Holder {
    /** All members share one: a new pod needs no new one. */
    MEMBERS,
    /** The operator itself. */
    OPERATOR,
    /** Agents. */
    CLIENTS
}
