package dev.troupe.actors.learner;

import dev.troupe.actors.node.RunPeers;
import dev.troupe.actors.policy.PolicyShelf;
import dev.troupe.actors.run.CrashPoint;
import dev.troupe.protocol.run.RunSpecification;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Whom and what the learner works with.
 *
 * @param shelf where samplers of this node find its weights
 * @param peers the run's singletons, wherever they are
 */
public record LearnerSurroundings(
    RunSpecification specification,
    LearnerEngines engines,
    PolicyShelf shelf,
    RunPeers peers,
    Consumer<CrashPoint> crashHook,
    LongSupplier nanos) {}
