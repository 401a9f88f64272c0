package dev.troupe.actors.rollout;

import dev.troupe.actors.policy.Policy;
import dev.troupe.actors.run.RunActor;
import dev.troupe.protocol.batch.JudgedTrajectory;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The evaluations that a rollout actor has a part of, from the order to the verdicts. */
final class Evaluations {
  private static final Duration WEIGHTS_PATIENCE = Duration.ofSeconds(60);

  /** An order whose weights aren't here yet. */
  private record Early(RolloutActor.Evaluate order, long sinceNanos) {}

  /** Samples a part with the policy that it is of. */
  interface Sampler {
    void begin(EvaluationPart part, Policy policy);
  }

  private final RolloutActor.Surroundings with;
  private final Sampler sampler;
  private final Map<Long, EvaluationPart> parts = new HashMap<>();
  private final Map<Long, Early> early = new LinkedHashMap<>();

  Evaluations(RolloutActor.Surroundings with, Sampler sampler) {
    this.with = with;
    this.sampler = sampler;
  }

  /** Nothing is under way. */
  boolean isEmpty() {
    return parts.isEmpty();
  }

  /** What is asked for twice is done once. */
  void order(RolloutActor.Evaluate order) {
    if (!parts.containsKey(order.key()) && !early.containsKey(order.key())) {
      early.put(order.key(), new Early(order, with.nanos().getAsLong()));
      beginEarly();
    }
  }

  /** The weights of an evaluation may still be on their way here. */
  void beginEarly() {
    long now = with.nanos().getAsLong();
    for (Early waiting : List.copyOf(early.values())) {
      RolloutActor.Evaluate order = waiting.order();
      Optional<Policy> taken = with.shelf().take(order.version());
      if (taken.isPresent()) {
        early.remove(order.key());
        EvaluationPart part = new EvaluationPart(order, with.leaseLimit());
        parts.put(order.key(), part);
        sampler.begin(part, taken.get());
      } else if (now - waiting.sinceNanos() > WEIGHTS_PATIENCE.toNanos()) {
        early.remove(order.key());
        order
            .run()
            .tell(
                new RunActor.EvaluationImpossible(
                    order.evaluation(), order.part(), order.version()));
      }
    }
  }

  /** Answers that wait for their verdicts from now on. */
  void sampled(List<Finished> finished, Verification verification) {
    for (Finished one : finished) {
      long evaluation = one.trajectory().lease().number();
      EvaluationPart part = parts.get(evaluation);
      if (part != null) {
        verification.add(
            evaluation, part.task(one.trajectory().id()), part.order().verifier(), one);
      }
    }
  }

  /** With the last verdict, a part's results leave. */
  void judged(InHand.Key key, JudgedTrajectory verdict) {
    EvaluationPart part = parts.get(key.evaluation());
    if (part != null && part.judged(verdict)) {
      parts.remove(key.evaluation());
      part.results().forEach(part.order().run()::tell);
    }
  }
}
