package dev.troupe.actors.learner;

import dev.troupe.learner.loss.PolicyLoss;
import dev.troupe.model.torch.ProgramRunException;

/** What to say of a program that would fail again in the same way. */
final class ProgramTrouble {
  private ProgramTrouble() {}

  /**
   * What failed and what to do.
   *
   * @param loss that the recipe names
   * @param updates that the run has made with it
   */
  static String words(String loss, long updates, ProgramRunException failure) {
    if (loss.equals(PolicyLoss.PPO_CLIP)) {
      return String.valueOf(failure.getMessage());
    }
    String what =
        failure
            .lineIn(loss)
            .map(line -> "learner.loss: " + line + ": " + failure.words())
            .orElse("learner.loss: [" + loss + "]: " + failure.getMessage());
    String next =
        updates == 0
            ? "no update was made with it yet, so that it may be mended: resume with --set"
                + " learner.loss=FILE"
            : "the run made ["
                + updates
                + "] updates with it, so that a mended one needs another run: begin it with this"
                + " run's weights, --set model.init-from=RUN --set sft.steps=0";
    return what + "; " + next;
  }
}
