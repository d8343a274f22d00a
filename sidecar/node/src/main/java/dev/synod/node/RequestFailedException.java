package dev.synod.node;

import dev.synod.member.Answer;

/** A read that could not be served; {@link #failed()} says why. */
public final class RequestFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Answer.Failed failed;

    /** A read that failed so. */
    public RequestFailedException(Answer.Failed failed) {
        super(failed.toString(), null, false, false);
        this.failed = failed;
    }

    /** Why. */
    public Answer.Failed failed() {
        return failed;
    }
}
