package dev.synod.state;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An election as a read shows it.
 *
 * @param name of the election
 * @param leader null when there is no candidate at all
 * @param candidates who waits to lead, first come first
 */
public record ElectionView(String name, @Nullable Leader leader, List<Candidate> candidates) {}
