package dev.synod.e2e.judge;

/** A value that is there, and the revision of its last change. */
public record Stored(String value, long revision) {}
