package dev.troupe.learner.update;

/**
 * What an optimizer step did.
 *
 * @param loss as it was minimised
 * @param gradientNorm before clipping; not a number if the loss was not finite
 * @param taken false if loss or gradient was not finite: nothing changed
 */
public record OptimizerStep(double loss, double gradientNorm, boolean taken) {}
