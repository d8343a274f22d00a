package dev.synod.simulation.check;

/**
 * An operation of a client with what ties it to the log.
 *
 * @param request number of the request, unique per client, kept over retries
 * @param index index in the log at which the answer says that the operation took effect, or, of a read, the
 *     last entry that its answer reflects; 0 when there was no answer
 * @param operation what was asked and answered, and when
 */
public record LoggedOperation<I, O>(long request, long index, Operation<I, O> operation) {}
