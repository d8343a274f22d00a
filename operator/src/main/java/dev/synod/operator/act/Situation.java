package dev.synod.operator.act;

import dev.synod.operator.members.MemberAdmin;
import dev.synod.operator.model.Blueprint;
import dev.synod.operator.observe.Snapshot;
import dev.synod.operator.plan.Observed;

/**
 * What a step was decided on.
 *
 * @param blueprint of all objects
 * @param snapshot of the API server's objects
 * @param observed what the plan saw
 * @param target by which members are reached
 */
public record Situation(
        Blueprint blueprint, Snapshot snapshot, Observed observed, MemberAdmin.Target target) {}
