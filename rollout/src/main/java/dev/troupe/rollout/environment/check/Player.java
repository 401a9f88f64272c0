package dev.troupe.rollout.environment.check;

import dev.troupe.protocol.tensor.FloatArray;
import dev.troupe.rollout.environment.Action;
import dev.troupe.rollout.environment.Actions;
import dev.troupe.rollout.environment.Environment;
import dev.troupe.rollout.environment.Transition;
import dev.troupe.rollout.random.Pcg64;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Plays one instance with random actions, a step at a time, episode after episode. */
final class Player {
  private final Environment environment;
  private final Actions actions;
  private final Action action;
  private final Pcg64 random;
  private final Pcg64 policy;
  private final int timeLimit;
  private final AtomicLong calls;
  private int episode = -1;
  private int step;
  private boolean over = true;

  /**
   * What a call gave.
   *
   * @param first whether by a reset
   */
  record Row(
      int episode,
      int step,
      boolean first,
      FloatArray observation,
      double reward,
      boolean terminated,
      boolean truncated,
      Transition memory) {

    /** What differs from another row of the same call, if anything does. */
    Optional<String> difference(Row other) {
      String where = " at step [" + step + "] of episode [" + episode + "]";
      if (!observation.equals(other.observation)) {
        return Optional.of("observation " + observation + " and then " + other.observation + where);
      }
      if (Double.doubleToLongBits(reward) != Double.doubleToLongBits(other.reward)) {
        return Optional.of("reward [" + reward + "] and then [" + other.reward + "]" + where);
      }
      boolean same = terminated == other.terminated && truncated == other.truncated;
      return same ? Optional.empty() : Optional.of("flags that differ" + where);
    }
  }

  Player(Environment environment, Pcg64 random, Pcg64 policy, int timeLimit, AtomicLong calls) {
    this.environment = environment;
    this.actions = new Actions(environment.actionSpace(), 1);
    this.action = actions.of(0);
    this.random = random;
    this.policy = policy;
    this.timeLimit = timeLimit;
    this.calls = calls;
  }

  static Player of(Environment environment, long seed, int timeLimit, AtomicLong calls) {
    Pcg64 policy = new Pcg64(~seed & Long.MAX_VALUE);
    return new Player(environment, new Pcg64(seed), policy, timeLimit, calls);
  }

  /** Another instance brought to where this one is. */
  Player continuedBy(Environment other) {
    Pcg64 samePolicy = Pcg64.of(policy.state());
    var player = new Player(other, Pcg64.of(random.state()), samePolicy, timeLimit, calls);
    player.episode = episode;
    player.step = step;
    player.over = over;
    return player;
  }

  Environment environment() {
    return environment;
  }

  boolean over() {
    return over;
  }

  Actions actions() {
    return actions;
  }

  int episode() {
    return episode;
  }

  int step() {
    return step;
  }

  /** A reset where one is due, a random step otherwise. */
  Row next() {
    if (over) {
      return reset();
    }
    actions.sample(0, policy);
    return act();
  }

  Row reset() {
    episode++;
    step = 0;
    over = false;
    Transition memory = memory();
    environment.reset(random, memory);
    return row(true, 0, memory);
  }

  /** The step that {@link #actions} say. */
  Row act() {
    step++;
    Transition memory = memory();
    double reward = environment.step(action, random, memory);
    over = memory.terminated() || memory.truncated() || (timeLimit > 0 && step >= timeLimit);
    return row(false, reward, memory);
  }

  private Transition memory() {
    calls.incrementAndGet();
    Transition memory = Transition.of(environment.observationSpace());
    memory.clear();
    return memory;
  }

  private Row row(boolean first, double reward, Transition memory) {
    return new Row(
        episode,
        step,
        first,
        FloatArray.of(memory.observation()),
        reward,
        memory.terminated(),
        memory.truncated(),
        memory);
  }

  /** For what is thrown: where it was. */
  String where(@Nullable Throwable thrown) {
    return "at step ["
        + step
        + "] of episode ["
        + episode
        + "]"
        + (thrown == null ? "" : ": " + thrown);
  }
}
