package dev.troupe.protocol.run;

import dev.troupe.protocol.check.Check;

/**
 * Supervised fine-tuning before reinforcement learning.
 *
 * @param steps 0 = none
 * @param batch examples a step
 * @param corpus where examples come from
 */
public record SftSpecification(
    int steps, int batch, Corpus corpus, OptimizerSpecification optimizer) {
  public SftSpecification {
    Check.atLeast("steps", 0, steps);
    Check.atLeast("batch", steps == 0 ? 0 : 1, batch);
  }

  /** Where supervised examples come from. */
  public sealed interface Corpus {
    /**
     * The tasks' own reference answers, with systematic mistakes.
     *
     * @param carriesForgotten share of carries (sums) or borrows (differences) that the corpus
     *     forgets
     */
    record Generated(double carriesForgotten) implements Corpus {
      public Generated {
        Check.within("carriesForgotten", 0, 1, carriesForgotten);
      }
    }

    /** The tasks' own reference answers as they are. */
    record References() implements Corpus {}

    /** One JSON object a line with the fields {@code prompt} and {@code completion}. */
    record Jsonl(String file) implements Corpus {
      public Jsonl {
        Check.notBlank("file", file);
      }
    }
  }
}
