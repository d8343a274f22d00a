package dev.synod.simulation.walk;

import dev.synod.paxos.Entry;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A log as a node of the tree of all logs met in a walk: its last entry and the log before it. Equal logs are
 * one node, so that logs are compared by identity, and a prefix is an ancestor.
 */
final class LogNode {
    /** Null only at the root, the empty log. */
    final @Nullable LogNode parent;
    /** The last entry; null only at the root. */
    final @Nullable Entry entry;
    final long index;
    final long key;
    private final List<LogNode> children = new ArrayList<>();

    private LogNode(@Nullable LogNode parent, @Nullable Entry entry, long index, long key) {
        this.parent = parent;
        this.entry = entry;
        this.index = index;
        this.key = key;
    }

    /** The empty log of a new tree. */
    static LogNode root() {
        return new LogNode(null, null, 0, 1);
    }

    /** This log with {@code next} appended. Safe for threads. */
    synchronized LogNode plus(Entry next) {
        for (int i = 0; i < children.size(); i++) {
            LogNode child = children.get(i);
            if (next.equals(child.entry)) {
                return child;
            }
        }
        LogNode child = new LogNode(this, next, index + 1, Hash.add(key, Hash.of(next)));
        children.add(child);
        return child;
    }

    /** This log's entries up to {@code to}. */
    LogNode upTo(long to) {
        LogNode node = this;
        while (node.index > to && node.parent != null) {
            node = node.parent;
        }
        return node;
    }

    boolean isPrefixOf(LogNode other) {
        return other.index >= index && other.upTo(index) == this;
    }

    /** Whether one is a prefix of the other. */
    boolean comparable(LogNode other) {
        return index <= other.index ? isPrefixOf(other) : other.isPrefixOf(this);
    }

    List<Entry> entries() {
        List<Entry> entries = new ArrayList<>();
        for (LogNode node = this; node.entry != null && node.parent != null; node = node.parent) {
            entries.addFirst(node.entry);
        }
        return entries;
    }

    @Override
    public String toString() {
        return Text.entries(entries());
    }
}
