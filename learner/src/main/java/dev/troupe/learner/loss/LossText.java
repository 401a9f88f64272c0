package dev.troupe.learner.loss;

import dev.troupe.model.torch.ProgramSource;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a loss stands in its file. */
final class LossText {
  private static final Pattern DEFINITION = Pattern.compile("(?m)^def\\s+policy_loss\\s*\\(");

  private LossText() {}

  /** Line of {@code def policy_loss}, from 1; 0 where there is none. */
  static int line(ProgramSource loss) {
    Matcher definition = DEFINITION.matcher(loss.text());
    return definition.find()
        ? 1 + (int) loss.text().substring(0, definition.start()).lines().count()
        : 0;
  }

  /** For the beginning of a message. */
  static String where(ProgramSource loss) {
    return "learner.loss: " + loss.name() + ", line " + line(loss) + ": ";
  }
}
