package dev.troupe.deploy.report;

import dev.troupe.protocol.run.TaskSpecification;
import java.util.Optional;

/** What one has to know to read a recipe's answers. */
public final class AnswerHint {
  private AnswerHint() {}

  /** A line for people, where answers aren't written as one expects. */
  public static Optional<String> of(TaskSpecification tasks) {
    return switch (tasks) {
      case TaskSpecification.Sums sums when sums.lowestDigitFirst() ->
          Optional.of(
              "The recipe has answers written lowest digit first: 132, which is 47+85, as 231.");
      case TaskSpecification.Sums _ -> Optional.empty();
      case TaskSpecification.Jsonl _ -> Optional.empty();
    };
  }
}
