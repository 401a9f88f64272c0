package dev.troupe.protocol.run;

import dev.troupe.protocol.check.Check;

/**
 * Greedy evaluation on held-out tasks.
 *
 * @param every updates; 0 = only before and after
 * @param tasksMax held-out tasks used
 */
public record EvaluationSpecification(int every, int tasksMax) {
  public EvaluationSpecification {
    Check.atLeast("every", 0, every);
    Check.atLeast("tasksMax", 0, tasksMax);
  }
}
