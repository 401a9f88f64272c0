package dev.troupe.rollout.evaluation;

import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.policy.PolicyVersion;
import dev.troupe.protocol.task.Task;
import dev.troupe.protocol.trajectory.Trajectory;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Greedy answers to tasks, judged.
 *
 * @param version that answered
 * @param samples in the order of the tasks, at least one
 */
public record Evaluation(PolicyVersion version, List<Sample> samples) {
  /** One task, its answer and the verdict. */
  public record Sample(Task task, Trajectory trajectory, Outcome outcome) {
    /** Whether the answer was scored 1 or more. */
    public boolean right() {
      return outcome instanceof Outcome.Scored scored && scored.value() >= 1;
    }
  }

  public Evaluation {
    samples = List.copyOf(samples);
    if (samples.isEmpty()) {
      throw new IllegalArgumentException("an evaluation needs at least one task");
    }
  }

  /** Share of the tasks that were answered right; a sample without score is not right. */
  public double accuracy() {
    return share(samples);
  }

  /** {@link #accuracy} for each difficulty. */
  public Map<String, Double> accuracyByDifficulty() {
    Map<String, Double> accuracy = new TreeMap<>();
    samples.stream()
        .collect(Collectors.groupingBy(sample -> sample.task().difficulty()))
        .forEach((difficulty, group) -> accuracy.put(difficulty, share(group)));
    return accuracy;
  }

  /** Samples whose verifier gave no score: say so wherever the accuracy is shown. */
  public long unscored() {
    return samples.stream().filter(s -> !(s.outcome() instanceof Outcome.Scored)).count();
  }

  private static double share(List<Sample> samples) {
    return (double) samples.stream().filter(Sample::right).count() / samples.size();
  }
}
