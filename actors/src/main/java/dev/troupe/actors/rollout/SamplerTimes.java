package dev.troupe.actors.rollout;

/**
 * What a sampler's thread did since it began.
 *
 * @param atNanos when this was read, on the sampler's monotonic clock
 * @param idleNanos time without anything to do
 * @param tokens made for training
 * @param evaluationTokens made for evaluations
 */
public record SamplerTimes(long atNanos, long idleNanos, long tokens, long evaluationTokens) {}
