package dev.troupe.rollout.environment;

import dev.troupe.rollout.random.Pcg64;
import java.util.List;

/**
 * A task that goes step by step: what a researcher implements, in one file.
 *
 * <p>One thread at a time uses an instance. All randomness comes from the generator that is given,
 * so that an episode follows from its seed. Observations are written into the caller's memory; the
 * {@link Transition} and the {@link Action} are the caller's and mustn't be kept. After a step that
 * terminated or truncated, {@link #reset} comes next. Time limits are kept by the caller, from the
 * environment's {@link EnvironmentKind}.
 */
public interface Environment {
  /** What observations look like; the same at every call. */
  Space observationSpace();

  /** What actions look like; the same at every call. */
  Space actionSpace();

  /** Begins an episode and writes every number of its first observation. */
  void reset(Pcg64 random, Transition first);

  /**
   * Takes a step, writes every number of the observation after it, and says whether the episode is
   * over.
   *
   * @param action a member of the action space; components of a box may lie outside its bounds
   * @return the reward, finite
   */
  double step(Action action, Pcg64 random, Transition next);

  /**
   * All that {@link #step} depends on and changes, as a value that doesn't change afterwards: a
   * record, an array of numbers, a boxed number, a collection of those.
   */
  Object state();

  /** Goes back to where {@link #state} was taken, possibly by another instance. */
  void restore(Object state);

  /** The records, enums and arrays of objects of one's own that occur in {@link #state}. */
  default List<Class<?>> stateTypes() {
    return List.of();
  }

  /**
   * Whether {@link #state} holds all there is to an episode. Where it doesn't, after a pause the
   * episode begins anew.
   */
  default boolean resumes() {
    return true;
  }

  /**
   * Lets it know the environments of its vector, itself among them, before the first reset and
   * whenever one was replaced; for those that take their steps together.
   *
   * @return whether it wants {@link #prepare} to be called
   */
  default boolean join(List<Environment> vector) {
    return false;
  }

  /** What the next step will be, said to all environments of a vector before the first steps. */
  default void prepare(Action action) {}

  /** Whether its episode was lost through another one's failure, so that only a reset helps. */
  default boolean isLost() {
    return false;
  }

  /** The environment without what was put around it. */
  default Environment unwrapped() {
    return this;
  }

  /** Gives back what the garbage collector doesn't see; nothing is called afterwards. */
  default void close() {}
}
