package dev.synod.crd;

/** Labels on everything that belongs to a cluster, or wants something of one. */
public final class Labels {
    /** Name of the cluster. */
    public static final String CLUSTER = "synod.dev/cluster";
    /** {@code voter} or {@code observer}: the set that a pod is of; never who leads, which changes. */
    public static final String SET = "synod.dev/set";
    /** UUID of the member whose volume a claim is. */
    public static final String MEMBER = "synod.dev/member";
    /** UID of the {@code CoordinationCluster}: one of the same name made later is another. */
    public static final String OWNER = "synod.dev/owner-uid";
    /** On pods of people that make backups, with the cluster's name: they reach its administration's port. */
    public static final String BACKUP = "synod.dev/backup";

    private Labels() {}
}
