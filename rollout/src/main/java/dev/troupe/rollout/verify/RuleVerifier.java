package dev.troupe.rollout.verify;

import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.outcome.VerifierRef;
import dev.troupe.protocol.task.Task;
import dev.troupe.protocol.task.TaskContent;
import dev.troupe.protocol.tensor.IntArray;
import dev.troupe.protocol.trajectory.Segment;
import dev.troupe.protocol.trajectory.Trajectory;
import dev.troupe.protocol.trajectory.TrajectoryBody;
import dev.troupe.protocol.trajectory.TrajectoryBody.FinishReason;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Puts answers to prompts before a rule; anything else it can't judge. */
record RuleVerifier(VerifierRef ref, Rule rule) implements Verifier {
  @Override
  public Outcome verify(Task task, Trajectory trajectory) {
    return switch (task.content()) {
      case TaskContent.Prompt(String prompt, String expected) ->
          judge(task, prompt, expected, trajectory.body());
      case TaskContent.Environment environment ->
          new Outcome.Invalid(
              "[" + ref.name() + "] judges prompts, got environment [" + environment + "]");
    };
  }

  private Outcome judge(Task task, String prompt, String expected, TrajectoryBody body) {
    return switch (body) {
      case TrajectoryBody.Completion completion -> {
        Outcome outcome = rule.judge(attempt(prompt, expected, completion));
        yield outcome instanceof Outcome.Invalid(String why)
            ? new Outcome.Invalid("[" + ref.name() + "] on task [" + task.number() + "]: " + why)
            : outcome;
      }
      case TrajectoryBody.EnvironmentFragment _ ->
          new Outcome.Invalid(
              "[" + ref.name() + "] judges completions, got an environment fragment");
    };
  }

  private static Attempt attempt(
      String prompt, String expected, TrajectoryBody.Completion completion) {
    List<Segment> own =
        completion.segments().stream()
            .filter(segment -> segment.kind() == Segment.Kind.ANSWER)
            .toList();
    boolean isFinished = completion.finish() != FinishReason.LENGTH;
    if (own.size() == 1) {
      Segment only = own.getFirst();
      return new Attempt(prompt, expected, only.text(), isFinished, only.tokens());
    }
    return new Attempt(
        prompt,
        expected,
        own.stream().map(Segment::text).collect(Collectors.joining()),
        isFinished,
        tokens(own));
  }

  private static IntArray tokens(List<Segment> segments) {
    return IntArray.of(
        segments.stream()
            .map(Segment::tokens)
            .flatMapToInt(ids -> IntStream.range(0, ids.size()).map(ids::at))
            .toArray());
  }

  @Override
  public void close() {
    rule.close();
  }
}
