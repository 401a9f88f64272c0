package dev.troupe.rollout.verify;

import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.outcome.VerifierRef;
import dev.troupe.protocol.task.Task;
import dev.troupe.protocol.task.TaskContent;
import dev.troupe.protocol.trajectory.Segment;
import dev.troupe.protocol.trajectory.Trajectory;
import dev.troupe.protocol.trajectory.TrajectoryBody;
import dev.troupe.protocol.trajectory.TrajectoryBody.FinishReason;
import java.util.stream.Collectors;

/**
 * 1 where the answer is the reference answer, else 0.
 *
 * <p>The answer is the text of the policy's own segments up to the end token. White space before
 * and after it, and around the reference, doesn't count; within, every character does. An answer
 * that was cut off at the longest length scores 0, even if its text is right so far: it has not
 * said that it is finished.
 */
public final class ExactAnswerVerifier implements Verifier {
  static final String NAME = "exact";
  static final String VERSION = "1";

  private static final Outcome RIGHT = new Outcome.Scored(1);
  private static final Outcome WRONG = new Outcome.Scored(0);
  private static final VerifierRef REF =
      new VerifierRef(NAME, VERSION, Verifiers.hash("exact 1: strip, equal, finished"));

  @Override
  public VerifierRef ref() {
    return REF;
  }

  @Override
  public Outcome verify(Task task, Trajectory trajectory) {
    return switch (task.content()) {
      case TaskContent.Prompt(_, String expected) ->
          expected.isBlank()
              ? new Outcome.Invalid("task [" + task.number() + "] has no reference answer")
              : compare(expected, trajectory.body());
      case TaskContent.Environment environment ->
          new Outcome.Invalid("[exact] judges prompts, got environment [" + environment + "]");
    };
  }

  private static Outcome compare(String expected, TrajectoryBody body) {
    return switch (body) {
      case TrajectoryBody.Completion completion ->
          completion.finish() != FinishReason.LENGTH
                  && answer(completion).strip().equals(expected.strip())
              ? RIGHT
              : WRONG;
      case TrajectoryBody.EnvironmentFragment _ ->
          new Outcome.Invalid("[exact] judges completions, got an environment fragment");
    };
  }

  private static String answer(TrajectoryBody.Completion completion) {
    return completion.segments().stream()
        .filter(segment -> segment.kind() == Segment.Kind.ANSWER)
        .map(Segment::text)
        .collect(Collectors.joining());
  }
}
