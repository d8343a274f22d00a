package dev.synod.node.door;

import dev.synod.paxos.Bytes;

/**
 * What the door answers.
 *
 * @param status of HTTP
 * @param json the body: a JSON object
 */
public record DoorReply(int status, Bytes json) {}
