package dev.synod.simulation.check;

/**
 * A client's command as it stands in the decided log.
 *
 * @param index place in the log
 * @param client who asked
 * @param request number of the request; a repeated one is the retry of an earlier entry and changes nothing
 * @param input what is asked
 */
public record LoggedCommand<I>(long index, long client, long request, I input) {}
