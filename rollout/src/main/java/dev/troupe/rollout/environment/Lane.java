package dev.troupe.rollout.environment;

import dev.troupe.protocol.tensor.FloatArray;
import dev.troupe.rollout.random.Pcg64;
import org.jspecify.annotations.Nullable;

/** One environment of a vector, with its random numbers and the account of its episode. */
final class Lane {
  private final String id;
  private final int number;
  private final int timeLimit;
  private final Action action;
  private final Transition transition;
  private Environment environment;
  private Pcg64 random;
  private long seed;
  private long episode = -1;
  private int elapsed;
  private double episodeReturn;
  private boolean over = true;

  Lane(
      String id,
      int number,
      int timeLimit,
      Environment environment,
      Action action,
      Transition transition) {
    this.id = id;
    this.number = number;
    this.timeLimit = timeLimit;
    this.environment = environment;
    this.action = action;
    this.transition = transition;
    this.random = new Pcg64(number);
  }

  /** Begins the first episode of a seed. */
  void seed(long seed) {
    this.seed = seed;
    random = new Pcg64(seed);
    episode = -1;
    reset();
  }

  /** Puts another instance in the place of one that failed. */
  void replace(Environment replacement) {
    environment = replacement;
  }

  /** Begins an episode with the random numbers that come next. */
  void reset() {
    episode++;
    elapsed = 0;
    episodeReturn = 0;
    over = true;
    transition.clear();
    try {
      environment.reset(random, transition);
    } catch (RuntimeException | StackOverflowError | LinkageError | AssertionError e) {
      throw threw(e);
    }
    checkObservation();
    over = false;
  }

  /** Takes a step and returns its reward. */
  double step() {
    elapsed++;
    transition.clear();
    double reward;
    try {
      reward = environment.step(action, random, transition);
    } catch (RuntimeException | StackOverflowError | LinkageError | AssertionError e) {
      throw threw(e);
    }
    checkObservation();
    if (!Double.isFinite(reward)) {
      throw failed(
          EnvironmentFailure.Kind.REWARD_NOT_FINITE,
          "expected a number, got [" + reward + "]",
          null);
    }
    if (timeLimit > 0 && elapsed >= timeLimit) {
      transition.truncate();
    }
    episodeReturn += reward;
    over = transition.terminated() || transition.truncated();
    return reward;
  }

  /** Tells the environment what its next step will be. */
  void prepare() {
    environment.prepare(action);
  }

  private void checkObservation() {
    int bad = transition.firstNotFinite();
    if (bad >= 0) {
      throw failed(
          EnvironmentFailure.Kind.OBSERVATION_NOT_FINITE,
          "number ["
              + bad
              + "] of the observation must be finite and written at every step, got ["
              + transition.observed(bad)
              + "]",
          null);
    }
  }

  private EnvironmentFailedException threw(Throwable e) {
    return switch (e) {
      case WrongShapeException wrong ->
          failed(EnvironmentFailure.Kind.WRONG_SHAPE, String.valueOf(wrong.getMessage()), wrong);
      case EnvironmentTroubleException trouble ->
          failed(trouble.kind(), String.valueOf(trouble.getMessage()), trouble);
      default -> failed(EnvironmentFailure.Kind.THREW, e.toString(), e);
    };
  }

  private EnvironmentFailedException failed(
      EnvironmentFailure.Kind kind, String detail, @Nullable Throwable cause) {
    return new EnvironmentFailedException(failure(kind, detail), cause);
  }

  EnvironmentFailure failure(EnvironmentFailure.Kind kind, String detail) {
    return new EnvironmentFailure(id, kind, number, seed, episode, elapsed, detail);
  }

  Environment environment() {
    return environment;
  }

  Transition transition() {
    return transition;
  }

  /** Whether its episode is over, or none has begun. */
  boolean over() {
    return over;
  }

  int elapsed() {
    return elapsed;
  }

  double episodeReturn() {
    return episodeReturn;
  }

  LaneSnapshot snapshot(double reward, boolean terminated, boolean truncated) {
    return new LaneSnapshot(
        environment.state(),
        random.state(),
        FloatArray.of(transition.observation()),
        seed,
        episode,
        elapsed,
        episodeReturn,
        over,
        reward,
        terminated,
        truncated);
  }

  void restore(LaneSnapshot snapshot) {
    environment.restore(snapshot.state());
    random.restore(snapshot.random());
    transition.clear();
    transition.observe(snapshot.observation().toArray());
    seed = snapshot.seed();
    episode = snapshot.episode();
    elapsed = snapshot.elapsed();
    episodeReturn = snapshot.episodeReturn();
    over = snapshot.over();
    if (!environment.resumes()) {
      reset();
    }
  }
}
