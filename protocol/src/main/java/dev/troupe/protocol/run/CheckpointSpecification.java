package dev.troupe.protocol.run;

/**
 * When checkpoints are made and kept.
 *
 * @param every updates (supervised steps count too)
 * @param keep newest checkpoints kept; the best one by evaluation is kept beside them
 */
public record CheckpointSpecification(int every, int keep) {}
