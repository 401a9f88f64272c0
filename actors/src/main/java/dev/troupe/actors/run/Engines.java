package dev.troupe.actors.run;

import dev.troupe.actors.node.Workshop;
import dev.troupe.protocol.outcome.VerifierRef;
import dev.troupe.protocol.task.Task;
import java.util.List;
import java.util.function.LongFunction;

/**
 * What computes in a run: learner, samplers and judges, and the tasks that they are about.
 *
 * @param tasks task of a group, by the group's number
 * @param heldOut tasks of evaluations
 * @param closing lets go of what they share, when all of them have ended
 */
record Engines(
    Workshop workshop,
    LongFunction<Task> tasks,
    List<Task> heldOut,
    VerifierRef verifier,
    EngineThreads threads,
    Runnable closing) {
  Engines {
    heldOut = List.copyOf(heldOut);
  }
}
