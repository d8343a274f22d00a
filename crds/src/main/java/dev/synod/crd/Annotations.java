package dev.synod.crd;

/** Annotations on a cluster that ask the operator for something. Each is an explicit wish of a person. */
public final class Annotations {
    /** {@code true}: nothing is changed any more but certificates that would end. */
    public static final String PAUSED = "synod.dev/paused";
    /** Any new value, such as a time: every pod is restarted once, one after the other. */
    public static final String RESTART = "synod.dev/restart";
    /**
     * UUID of a member: its place gets an empty volume and a new identity. Done when no member has that UUID.
     */
    public static final String REPLACE_MEMBER = "synod.dev/replace-member";
    /**
     * UUID of a member: a new cluster begins from its volume, after the quorum was lost for good.
     * Nothing
     * else ever makes the operator do that.
     */
    public static final String RECOVER_FROM = "synod.dev/recover-from";
    /**
     * Any new text, such as a date: the cluster's authority and all its certificates are exchanged once.
     * Done when the Secret of the authority says so.
     */
    public static final String RENEW_CERTIFICATES = "synod.dev/renew-certificates";

    private Annotations() {}
}
