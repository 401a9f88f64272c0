package dev.troupe.learner.update;

/**
 * What an optimizer step did.
 *
 * @param gradientNorm before clipping
 * @param taken false if loss or gradient was not finite: nothing changed
 */
public record OptimizerStep(double gradientNorm, boolean taken) {}
