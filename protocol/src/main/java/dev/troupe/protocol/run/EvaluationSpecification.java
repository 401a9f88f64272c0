package dev.troupe.protocol.run;

/**
 * Greedy evaluation on held-out tasks.
 *
 * @param every updates; 0 = only before and after
 * @param tasksMax held-out tasks used
 */
public record EvaluationSpecification(int every, int tasksMax) {}
