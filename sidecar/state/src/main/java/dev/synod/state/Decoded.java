package dev.synod.state;

/** What bytes turn out to be: a command, or a refusal. */
public sealed interface Decoded permits Command, Reply.Refused {}
