package dev.troupe.actors.reward;

import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.task.Task;
import dev.troupe.protocol.task.TaskContent;
import dev.troupe.protocol.trajectory.Segment;
import dev.troupe.protocol.trajectory.Trajectory;
import dev.troupe.protocol.trajectory.TrajectoryBody;
import java.util.stream.Collectors;

/** An answer on which two verifiers differ, its texts cut to what people read. */
public record Disagreement(String prompt, String answer, Outcome outcome, Outcome shadow) {
  private static final int TEXT_MAX = 400;

  static Disagreement of(Task task, Trajectory trajectory, Outcome outcome, Outcome shadow) {
    String prompt =
        switch (task.content()) {
          case TaskContent.Prompt(String text, _) -> text;
          case TaskContent.Environment environment -> environment.toString();
        };
    String answer =
        switch (trajectory.body()) {
          case TrajectoryBody.Completion completion ->
              completion.segments().stream()
                  .filter(segment -> segment.kind() == Segment.Kind.ANSWER)
                  .map(Segment::text)
                  .collect(Collectors.joining());
          case TrajectoryBody.EnvironmentFragment _ -> "";
        };
    return new Disagreement(cut(prompt), cut(answer), bare(outcome), bare(shadow));
  }

  private static String cut(String text) {
    return text.length() <= TEXT_MAX ? text : text.substring(0, TEXT_MAX) + "…";
  }

  /** Without parts and details, which may be long. */
  private static Outcome bare(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Scored scored -> new Outcome.Scored(scored.value());
      case Outcome.Invalid(String why) -> new Outcome.Invalid(cut(why));
      case Outcome.TimedOut late -> late;
      case Outcome.Crashed(String error) -> new Outcome.Crashed(cut(error));
    };
  }
}
