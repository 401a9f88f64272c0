package dev.troupe.actors.run;

import dev.troupe.actors.run.RunEvent.Occasion;
import dev.troupe.protocol.batch.JudgedTrajectory;
import dev.troupe.protocol.policy.PolicyVersion;
import dev.troupe.protocol.task.Task;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A run's evaluations: those under way, with who is to do which part of them, and what came of
 * those that ended. Orders may be said twice, so what may not have been heard is said again.
 */
final class Evaluations {

  /** {@code sampler} shall do {@code part}. */
  record Order(Evaluation evaluation, int part, String sampler) {}

  private final List<Task> heldOut;
  private final Map<Long, Evaluation> underWay = new LinkedHashMap<>();
  private final Map<Long, Double> accuracies = new HashMap<>();
  private Optional<Evaluation> lastEnded = Optional.empty();
  private long next;

  /**
   * @param heldOut tasks; with none no evaluation is made
   * @param first number of the first one
   */
  Evaluations(List<Task> heldOut, long first) {
    this.heldOut = List.copyOf(heldOut);
    this.next = first;
  }

  boolean areMade() {
    return !heldOut.isEmpty();
  }

  /** Begins one; nobody does a part of it yet. */
  Evaluation begin(Occasion occasion, PolicyVersion version) {
    Evaluation evaluation = new Evaluation(next++, occasion, version, heldOut);
    underWay.put(evaluation.number(), evaluation);
    return evaluation;
  }

  /** The number of the next one: it grows with each. */
  long next() {
    return next;
  }

  /** Whom the oldest that hasn't ended waits for. */
  Optional<String> waitsFor() {
    return underWay.values().stream()
        .findFirst()
        .map(
            one ->
                one.isAssigned()
                    ? "the samplers to evaluate update [" + one.version().update() + "]"
                    : "samplers to begin");
  }

  boolean isAnyUnderWay() {
    return !underWay.isEmpty();
  }

  boolean isUnderWay(PolicyVersion version) {
    return underWay.values().stream().anyMatch(one -> one.version().equals(version));
  }

  /** The one that ended last, if it was of {@code version}. */
  Optional<Evaluation> lastIfOf(PolicyVersion version) {
    return lastEnded.filter(one -> one.version().equals(version));
  }

  /** What an evaluation of the weights of {@code update} came to. */
  OptionalDouble accuracy(long update) {
    Double known = accuracies.get(update);
    return known == null ? OptionalDouble.empty() : OptionalDouble.of(known);
  }

  // Who does what.

  /** Gives out what nobody has, once all samplers are there; {@code some} do as well. */
  List<Order> assign(RunPresence present, boolean some) {
    List<Order> orders = new ArrayList<>();
    if (!present.samplers().isEmpty() && (some || present.areAllSamplersThere())) {
      for (Evaluation one : underWay.values()) {
        if (!one.isAssigned()) {
          add(orders, one, one.assign(present.samplers()));
        }
      }
    }
    return orders;
  }

  /** Says all that isn't done again: an order, or what came of it, may not have been heard. */
  List<Order> repeat(RunPresence present) {
    List<Order> orders = new ArrayList<>();
    for (Evaluation one : underWay.values()) {
      one.undone()
          .forEach(
              (part, sampler) -> {
                if (present.samplers().contains(sampler)) {
                  orders.add(new Order(one, part, sampler));
                } else if (!present.samplers().isEmpty()) {
                  add(orders, one, one.reassign(sampler, present.samplers()));
                }
              });
    }
    return orders;
  }

  /** What samplers that are gone had to do goes to others; those that begin anew hear it again. */
  List<Order> changed(RunNodes.Change change, RunPresence present) {
    List<Order> orders = new ArrayList<>();
    for (Evaluation one : underWay.values()) {
      if (!present.samplers().isEmpty()) {
        change.gone().forEach(gone -> add(orders, one, one.reassign(gone, present.samplers())));
      }
      change
          .begun()
          .forEach(
              begun -> one.undone(begun).forEach(part -> orders.add(new Order(one, part, begun))));
    }
    return orders;
  }

  private static void add(List<Order> orders, Evaluation one, Map<Integer, String> parts) {
    parts.forEach((part, sampler) -> orders.add(new Order(one, part, sampler)));
  }

  // What comes of it.

  /** Verdicts on a part, from its task {@code from} on; the evaluation if that ended it. */
  Optional<Evaluation> done(long number, int part, int from, List<JudgedTrajectory> verdicts) {
    Evaluation evaluation = underWay.get(number);
    if (evaluation == null || !evaluation.done(part, from, verdicts)) {
      return Optional.empty();
    }
    underWay.remove(number);
    accuracies.put(evaluation.version().update(), evaluation.accuracy());
    lastEnded = Optional.of(evaluation);
    return lastEnded;
  }

  /** It can't be made; false if it isn't under way. */
  boolean giveUp(long number) {
    return underWay.remove(number) != null;
  }
}
