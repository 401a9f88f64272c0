package dev.troupe.actors.run;

import dev.troupe.actors.run.RunEvent.Answer;
import dev.troupe.actors.run.RunEvent.Occasion;
import dev.troupe.protocol.batch.JudgedTrajectory;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.policy.PolicyVersion;
import dev.troupe.protocol.task.Task;
import dev.troupe.protocol.task.TaskContent;
import dev.troupe.protocol.trajectory.TrajectoryBody.EnvironmentFragment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.DoubleStream;

/** Held-out tasks, split between the samplers, and what came of them. */
final class Evaluation {
  private final long number;
  private final Occasion occasion;
  private final PolicyVersion version;
  private final List<Task> tasks;
  private final Map<Integer, String> assigned = new HashMap<>();
  private final TreeMap<Integer, TreeMap<Integer, JudgedTrajectory>> verdicts = new TreeMap<>();
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

  /** Gives every sampler its part; returns the parts in order. */
  Map<Integer, String> assign(List<String> samplers) {
    parts = Math.min(samplers.size(), tasks.size());
    for (int part = 0; part < parts; part++) {
      assigned.put(part, samplers.get(part));
    }
    return new TreeMap<>(assigned);
  }

  /** Parts of {@code sampler} that aren't done. */
  List<Integer> undone(String sampler) {
    return undone().entrySet().stream()
        .filter(entry -> entry.getValue().equals(sampler))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Who has which part to do. */
  Map<Integer, String> undone() {
    TreeMap<Integer, String> undone = new TreeMap<>();
    assigned.forEach(
        (part, name) -> {
          if (!isDone(part)) {
            undone.put(part, name);
          }
        });
    return undone;
  }

  /** What {@code gone} had to do goes to {@code samplers} in turn; returns those parts. */
  Map<Integer, String> reassign(String gone, List<String> samplers) {
    Map<Integer, String> moved = new TreeMap<>();
    for (int part : undone(gone)) {
      String sampler = samplers.get(part % samplers.size());
      assigned.put(part, sampler);
      moved.put(part, sampler);
    }
    return moved;
  }

  /** The tasks of a part: neighbours, so that the parts in order are all tasks in order. */
  List<Task> tasks(int part) {
    int from = part * tasks.size() / parts;
    int to = (part + 1) * tasks.size() / parts;
    return tasks.subList(from, to);
  }

  /**
   * Notes verdicts on tasks of a part, from its task {@code from} on; whether all parts are done.
   */
  boolean done(int part, int from, List<JudgedTrajectory> judged) {
    TreeMap<Integer, JudgedTrajectory> known = verdicts.computeIfAbsent(part, _ -> new TreeMap<>());
    for (int i = 0; i < judged.size(); i++) {
      known.putIfAbsent(from + i, judged.get(i));
    }
    return assigned.keySet().stream().allMatch(this::isDone);
  }

  private boolean isDone(int part) {
    TreeMap<Integer, JudgedTrajectory> known = verdicts.get(part);
    return known != null && known.size() == tasks(part).size();
  }

  /** In the order of the tasks. */
  List<Answer> answers() {
    List<Answer> answers = new ArrayList<>();
    verdicts.forEach(
        (part, judged) -> {
          List<Task> asked = tasks(part);
          judged.forEach((i, verdict) -> answers.add(new Answer(asked.get(i), verdict)));
        });
    return answers;
  }

  /**
   * Share of tasks whose answer scored 1; of environments, the mean return over all episodes that
   * were played to their end.
   */
  double accuracy() {
    if (isOfEnvironments()) {
      return meanReturn();
    }
    long right =
        answers().stream()
            .filter(
                answer ->
                    answer.answer().outcome() instanceof Outcome.Scored scored
                        && scored.value() >= 1)
            .count();
    return (double) right / tasks.size();
  }

  private boolean isOfEnvironments() {
    return tasks.stream().allMatch(task -> task.content() instanceof TaskContent.Environment);
  }

  private double meanReturn() {
    double[] returns =
        answers().stream()
            .flatMapToDouble(
                answer ->
                    answer.answer().trajectory().body() instanceof EnvironmentFragment played
                        ? Arrays.stream(played.episodeReturns().toDoubles())
                        : DoubleStream.empty())
            .toArray();
    return Arrays.stream(returns).average().orElse(Double.NEGATIVE_INFINITY);
  }

  /** Tasks whose verdict was not a score. */
  int failed() {
    return (int)
        answers().stream()
            .filter(answer -> !(answer.answer().outcome() instanceof Outcome.Scored))
            .count();
  }
}
