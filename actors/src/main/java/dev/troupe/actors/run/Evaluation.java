package dev.troupe.actors.run;

import dev.troupe.actors.run.RunEvent.Answer;
import dev.troupe.actors.run.RunEvent.Occasion;
import dev.troupe.protocol.batch.JudgedTrajectory;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.policy.PolicyVersion;
import dev.troupe.protocol.task.Task;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Held-out tasks, split between the samplers, and what came of them. */
final class Evaluation {
  private final long number;
  private final Occasion occasion;
  private final PolicyVersion version;
  private final List<Task> tasks;
  private final Map<Integer, String> assigned = new HashMap<>();
  private final TreeMap<Integer, List<JudgedTrajectory>> verdicts = new TreeMap<>();
  private int parts;

  Evaluation(long number, Occasion occasion, PolicyVersion version, List<Task> tasks) {
    this.number = number;
    this.occasion = occasion;
    this.version = version;
    this.tasks = tasks;
  }

  long number() {
    return number;
  }

  Occasion occasion() {
    return occasion;
  }

  PolicyVersion version() {
    return version;
  }

  boolean isAssigned() {
    return parts > 0;
  }

  /** Gives every sampler its part; returns the parts by number. */
  Map<Integer, String> assign(List<String> samplers) {
    parts = Math.min(samplers.size(), tasks.size());
    for (int part = 0; part < parts; part++) {
      assigned.put(part, samplers.get(part));
    }
    return Map.copyOf(assigned);
  }

  /** Parts of {@code sampler} that aren't done. */
  List<Integer> undone(String sampler) {
    List<Integer> undone = new ArrayList<>();
    assigned.forEach(
        (part, name) -> {
          if (name.equals(sampler) && !verdicts.containsKey(part)) {
            undone.add(part);
          }
        });
    return undone;
  }

  /** The tasks of a part: neighbours, so that the parts in order are all tasks in order. */
  List<Task> tasks(int part) {
    int from = part * tasks.size() / parts;
    int to = (part + 1) * tasks.size() / parts;
    return tasks.subList(from, to);
  }

  /** Whether all parts are done now. */
  boolean done(int part, List<JudgedTrajectory> judged) {
    verdicts.putIfAbsent(part, List.copyOf(judged));
    return verdicts.size() == parts;
  }

  /** In the order of the tasks. */
  List<Answer> answers() {
    List<Answer> answers = new ArrayList<>();
    verdicts.forEach(
        (part, judged) -> {
          List<Task> asked = tasks(part);
          for (int i = 0; i < judged.size(); i++) {
            answers.add(new Answer(asked.get(i), judged.get(i)));
          }
        });
    return answers;
  }

  /** Share of tasks whose answer scored 1. */
  double accuracy() {
    long right =
        answers().stream()
            .filter(
                answer ->
                    answer.answer().outcome() instanceof Outcome.Scored scored
                        && scored.value() >= 1)
            .count();
    return (double) right / tasks.size();
  }

  /** Tasks whose verdict was not a score. */
  int failed() {
    return (int)
        answers().stream()
            .filter(answer -> !(answer.answer().outcome() instanceof Outcome.Scored))
            .count();
  }
}
