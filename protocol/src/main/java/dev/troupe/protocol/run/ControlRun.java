package dev.troupe.protocol.run;

/**
 * What makes a run one in environments, instead of one with a language model.
 *
 * @param environment where it plays
 * @param control how it learns
 */
public record ControlRun(EnvironmentSpecification environment, ControlSpecification control) {}
