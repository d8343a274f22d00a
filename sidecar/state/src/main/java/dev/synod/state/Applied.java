package dev.synod.state;

import java.util.List;

/**
 * What one command did.
 *
 * @param index of the entry that held it
 * @param revision after it
 * @param reply for whoever sent it
 * @param events all that watches have to hear of it, in order; they are to be passed on together or not at
 *     all
 */
public record Applied(long index, long revision, Reply reply, List<Event> events) {}
