package dev.synod.client;

import java.util.List;

/**
 * What a range held.
 *
 * @param values ascending by key
 * @param revision all of it was so at this revision: where a watch goes on is one above
 */
public record Listing(List<KeyValue> values, long revision) {}
