package dev.troupe.actors.run;

/**
 * What was measured of reinforcement learning, as amounts: those of several processes add up.
 *
 * @param seconds that the learner was there, computing or waiting
 * @param samplerSeconds the same of every sampler's thread, added up
 * @param samplerIdleSeconds of these, with nothing to do
 * @param learnerIdleSeconds of {@code seconds}, with nothing to do
 * @param trajectories trained on
 * @param lagSum the policy lags of these, added up
 */
public record RunFigures(
    double seconds,
    double samplingTokens,
    double samplerSeconds,
    double samplerIdleSeconds,
    double learningTokens,
    double learnerIdleSeconds,
    long trajectories,
    double lagSum) {

  /** Before anything was measured. */
  public static RunFigures none() {
    return new RunFigures(0, 0, 0, 0, 0, 0, 0, 0);
  }

  /** These and those of another process. */
  public RunFigures plus(RunFigures other) {
    return new RunFigures(
        seconds + other.seconds,
        samplingTokens + other.samplingTokens,
        samplerSeconds + other.samplerSeconds,
        samplerIdleSeconds + other.samplerIdleSeconds,
        learningTokens + other.learningTokens,
        learnerIdleSeconds + other.learnerIdleSeconds,
        trajectories + other.trajectories,
        lagSum + other.lagSum);
  }

  /** All samplers together. */
  public double samplingTokensPerSecond() {
    return share(samplingTokens, seconds);
  }

  public double learningTokensPerSecond() {
    return share(learningTokens, seconds);
  }

  /** Of a sampler's time, the mean over them. */
  public double samplingIdleShare() {
    return share(samplerIdleSeconds, samplerSeconds);
  }

  /** Of the learner's time. */
  public double learningIdleShare() {
    return share(learnerIdleSeconds, seconds);
  }

  /** Updates, over the trajectories trained on. */
  public double meanPolicyLag() {
    return share(lagSum, (double) trajectories);
  }

  private static double share(double part, double whole) {
    return whole > 0 ? part / whole : 0;
  }
}
