package dev.troupe.deploy.watch;

import dev.troupe.protocol.batch.JudgedTrajectory;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.task.Task;
import dev.troupe.protocol.task.TaskContent;
import dev.troupe.protocol.trajectory.Segment;
import dev.troupe.protocol.trajectory.Trajectory;
import dev.troupe.protocol.trajectory.TrajectoryBody;
import dev.troupe.rollout.verify.Verifiers;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** Judged samples in words. */
public final class Samples {
  private Samples() {}

  /** For people. */
  public static RunView.Sample of(Task task, JudgedTrajectory judged) {
    return of(task, judged.trajectory(), judged.outcome());
  }

  /** For people. */
  public static RunView.Sample of(Task task, Trajectory trajectory, Outcome outcome) {
    return new RunView.Sample(
        prompt(task),
        answer(trajectory.body()),
        expected(task),
        words(outcome),
        score(outcome).orElse(0) >= 1,
        trajectory.behaviour().update());
  }

  /** The score of an outcome that has one. */
  public static OptionalDouble score(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Scored scored -> OptionalDouble.of(scored.value());
      case Outcome.Invalid _, Outcome.TimedOut _, Outcome.Crashed _ -> OptionalDouble.empty();
    };
  }

  /** An outcome, and what its detail says where its verifier is here. */
  public static String words(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Scored scored ->
          number(scored.value())
              + scored.detail().flatMap(Verifiers::words).map(words -> ": " + words).orElse("");
      case Outcome.Invalid(String why) -> "invalid: " + why;
      case Outcome.TimedOut(var limit, var said) ->
          "timed out after " + limit.toMillis() + " ms" + said;
      case Outcome.Crashed(String error) -> "crashed: " + error;
    };
  }

  private static String number(double value) {
    return value == Math.rint(value)
        ? Long.toString((long) value)
        : String.format(Locale.ROOT, "%.3f", value);
  }

  private static String prompt(Task task) {
    return switch (task.content()) {
      case TaskContent.Prompt(String prompt, _) -> prompt;
      case TaskContent.Environment(String environment, long seed, _, _) ->
          environment + ", seed " + seed;
    };
  }

  private static String expected(Task task) {
    return switch (task.content()) {
      case TaskContent.Prompt(_, String expected) -> expected;
      case TaskContent.Environment _ -> "";
    };
  }

  private static String answer(TrajectoryBody body) {
    return switch (body) {
      case TrajectoryBody.Completion completion ->
          completion.segments().stream()
              .filter(segment -> segment.kind() == Segment.Kind.ANSWER)
              .map(Segment::text)
              .collect(Collectors.joining());
      case TrajectoryBody.EnvironmentFragment _ -> "";
    };
  }
}
