package dev.troupe.rollout.environment;

import dev.troupe.protocol.check.Check;
import dev.troupe.protocol.outcome.PluginPayload;
import dev.troupe.protocol.plugin.PluginCodec;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * N environments that step together.
 *
 * <p>Everything a step gives lies in arrays that are made once and written again by each step:
 * {@link #observations} [N, ...] in memory that a tensor can be made on, {@link #rewards}, {@link
 * #terminated}, {@link #truncated}, {@link #finalObservations}. A step allocates nothing unless an
 * environment does. One thread steps; {@link #overdue} may be asked by another.
 *
 * <p>Lane i of {@code reset(seed)} gets the random numbers of seed + i, and goes on with them from
 * episode to episode, as Gymnasium's {@code SyncVectorEnv} does.
 */
public final class VectorEnvironment implements AutoCloseable {
  private static final long IDLE = Long.MIN_VALUE;

  private final EnvironmentSource source;
  private final AutoresetMode autoreset;
  private final LongSupplier nanoTime;
  private final Space observationSpace;
  private final Lane[] lanes;
  private final Actions actions;
  private final FloatBuffer observations;
  private final FloatBuffer finalObservations;
  private final double[] rewards;
  private final boolean[] terminated;
  private final boolean[] truncated;
  private final boolean[] inserted;
  private final boolean[] hasFinal;
  private final double[] episodeReturns;
  private final int[] episodeLengths;
  private final PluginCodec codec;
  private final boolean together;
  private volatile long stepBegun = IDLE;
  private volatile int current;

  /**
   * @param count environments, at least 1
   * @param nanoTime a monotonic clock in nanoseconds, for {@link #overdue}
   */
  public VectorEnvironment(
      EnvironmentSource source, int count, AutoresetMode autoreset, LongSupplier nanoTime) {
    Check.atLeast("count", 1, count);
    this.source = source;
    this.autoreset = autoreset;
    this.nanoTime = nanoTime;
    Environment first = source.create();
    observationSpace = first.observationSpace();
    int size = observationSpace.size();
    actions = new Actions(first.actionSpace(), count);
    observations = Transition.floats(Math.multiplyExact(count, size));
    finalObservations = Transition.floats(Math.multiplyExact(count, size));
    lanes = new Lane[count];
    for (int i = 0; i < count; i++) {
      lanes[i] =
          new Lane(
              source.id(),
              i,
              source.timeLimit(),
              i == 0 ? first : source.create(),
              actions.of(i),
              new Transition(observations, i * size, size));
    }
    rewards = new double[count];
    terminated = new boolean[count];
    truncated = new boolean[count];
    inserted = new boolean[count];
    hasFinal = new boolean[count];
    episodeReturns = new double[count];
    episodeLengths = new int[count];
    together = join();
    codec = VectorSnapshot.codec(source.id(), first.stateTypes());
  }

  /** Makes the environments known to each other; whether they want to know their actions first. */
  private boolean join() {
    var all = new ArrayList<Environment>(lanes.length);
    for (Lane lane : lanes) {
      all.add(lane.environment().unwrapped());
    }
    return all.getFirst().join(all);
  }

  /**
   * Begins an episode in every lane; lane i with seed + i.
   *
   * @throws EnvironmentFailedException if an environment fails
   */
  public void reset(long seed) {
    begin();
    for (int i = 0; i < lanes.length; i++) {
      current = i;
      lanes[i].seed(Math.addExact(seed, i));
      clear(i);
    }
    stepBegun = IDLE;
  }

  /**
   * Begins an episode in the lanes that {@code mask} names, with the random numbers that come next.
   *
   * @throws EnvironmentFailedException if an environment fails
   */
  public void reset(boolean[] mask) {
    begin();
    for (int i = 0; i < lanes.length; i++) {
      if (mask[i]) {
        current = i;
        lanes[i].reset();
        clear(i);
      }
    }
    stepBegun = IDLE;
  }

  /**
   * Takes the step that {@link #actions} say in every lane.
   *
   * @throws EnvironmentFailedException if an environment fails; the lanes before it have stepped,
   *     and of environments that step together those after it, too
   * @throws IllegalArgumentException if an action is none of the space's
   * @throws IllegalStateException if a lane's episode is over and nobody reset it
   */
  public void step() {
    begin();
    if (together) {
      prepare();
    }
    EnvironmentFailedException first = null;
    for (int i = 0; i < lanes.length; i++) {
      try {
        stepOrReset(i);
      } catch (EnvironmentFailedException e) {
        if (!together) {
          throw e;
        }
        first = first == null ? e : first;
      }
    }
    if (first != null) {
      throw first;
    }
    stepBegun = IDLE;
  }

  private void stepOrReset(int i) {
    current = i;
    inserted[i] = false;
    hasFinal[i] = false;
    if (lanes[i].over()) {
      resetLate(lanes[i], i);
    } else {
      step(lanes[i], i);
    }
  }

  private void prepare() {
    for (int i = 0; i < lanes.length; i++) {
      if (!lanes[i].over()) {
        checkAction(i);
        lanes[i].prepare();
      }
    }
  }

  private void checkAction(int i) {
    if (!actions.isValid(i)) {
      throw new IllegalArgumentException(
          "action of lane ["
              + i
              + "] must be of "
              + actions.space().describe()
              + " and finite, got ["
              + actions.text(i)
              + "]");
    }
  }

  private void step(Lane lane, int i) {
    checkAction(i);
    rewards[i] = lane.step();
    terminated[i] = lane.transition().terminated();
    truncated[i] = lane.transition().truncated();
    episodeReturns[i] = lane.episodeReturn();
    episodeLengths[i] = lane.elapsed();
    if (lane.over() && autoreset == AutoresetMode.SAME_STEP) {
      lane.transition().copyTo(finalObservations);
      hasFinal[i] = true;
      lane.reset();
    }
  }

  private void resetLate(Lane lane, int i) {
    if (autoreset != AutoresetMode.NEXT_STEP) {
      throw new IllegalStateException(
          "lane [" + i + "] of [" + source.id() + "] is at the end of its episode: reset it first");
    }
    lane.reset();
    clear(i);
    inserted[i] = true;
  }

  private void clear(int i) {
    rewards[i] = 0;
    terminated[i] = false;
    truncated[i] = false;
    inserted[i] = false;
    hasFinal[i] = false;
    episodeReturns[i] = 0;
    episodeLengths[i] = 0;
  }

  /**
   * Puts a fresh instance in the place of one that failed, and begins an episode there; and in the
   * lanes whose episodes were lost with it.
   */
  public void replace(int lane) {
    begin();
    current = lane;
    lanes[lane].environment().close();
    lanes[lane].replace(source.create());
    join();
    for (int i = 0; i < lanes.length; i++) {
      if (i == lane || lanes[i].environment().isLost()) {
        current = i;
        lanes[i].reset();
        clear(i);
      }
    }
    stepBegun = IDLE;
  }

  private void begin() {
    stepBegun = nanoTime.getAsLong();
  }

  /** The failure of an environment that has kept the present call waiting for longer than this. */
  public Optional<EnvironmentFailure> overdue(Duration limit) {
    long begun = stepBegun;
    if (begun == IDLE || nanoTime.getAsLong() - begun <= limit.toNanos()) {
      return Optional.empty();
    }
    String detail = "expected an answer within [" + limit + "]";
    return Optional.of(lanes[current].failure(EnvironmentFailure.Kind.HUNG, detail));
  }

  /** Whether a {@link #snapshot} holds all there is to every lane. */
  public boolean resumes() {
    for (Lane lane : lanes) {
      if (!lane.environment().resumes()) {
        return false;
      }
    }
    return true;
  }

  /** Where all lanes stand, between two steps. */
  public PluginPayload snapshot() {
    var snapshots = new ArrayList<LaneSnapshot>(lanes.length);
    for (int i = 0; i < lanes.length; i++) {
      snapshots.add(lanes[i].snapshot(rewards[i], terminated[i], truncated[i]));
    }
    return codec.encode(
        new VectorSnapshot(source.id(), source.options(), autoreset, List.copyOf(snapshots)));
  }

  /**
   * Goes on where {@link #snapshot} was taken; final observations are not part of it. Environments
   * that can't be resumed begin an episode.
   *
   * @throws IllegalArgumentException if it was taken of other environments or of another number
   */
  public void restore(PluginPayload payload) {
    var snapshot = (VectorSnapshot) codec.decode(payload);
    boolean fits =
        snapshot.options().equals(source.options())
            && snapshot.autoreset() == autoreset
            && snapshot.lanes().size() == lanes.length;
    if (!fits) {
      throw new IllegalArgumentException(
          "snapshot of ["
              + snapshot.environment()
              + "] has "
              + kind(snapshot.lanes().size(), snapshot.autoreset(), snapshot.options())
              + ", expected "
              + kind(lanes.length, autoreset, source.options()));
    }
    for (int i = 0; i < lanes.length; i++) {
      LaneSnapshot lane = snapshot.lanes().get(i);
      clear(i);
      lanes[i].restore(lane);
      if (!lanes[i].environment().resumes()) {
        continue;
      }
      rewards[i] = lane.reward();
      terminated[i] = lane.terminated();
      truncated[i] = lane.truncated();
      episodeReturns[i] = lane.episodeReturn();
      episodeLengths[i] = lane.elapsed();
    }
  }

  private static String kind(int lanes, AutoresetMode mode, Object options) {
    return "[" + lanes + "] lanes, autoreset [" + mode + "], options " + options;
  }

  /** Closes the environments; nothing else is called afterwards. */
  @Override
  public void close() {
    for (Lane lane : lanes) {
      lane.environment().close();
    }
  }

  /** How a lane looks, if its environment can be looked at; to be asked between two steps. */
  public Optional<Drawable> drawable(int lane) {
    return lanes[lane].environment().unwrapped() instanceof Drawable drawable
        ? Optional.of(drawable)
        : Optional.empty();
  }

  public int size() {
    return lanes.length;
  }

  public AutoresetMode autoreset() {
    return autoreset;
  }

  public Space observationSpace() {
    return observationSpace;
  }

  public Space actionSpace() {
    return actions.space();
  }

  /** What the next step does: the caller fills it. */
  public Actions actions() {
    return actions;
  }

  /** [N, size], row-major, direct. */
  public FloatBuffer observations() {
    return observations;
  }

  /** [N, size]: the last observations of episodes, where {@link #hasFinal} says so. */
  public FloatBuffer finalObservations() {
    return finalObservations;
  }

  /** [N] whether the last step wrote a final observation; only with {@code SAME_STEP}. */
  public boolean[] hasFinal() {
    return hasFinal;
  }

  /** [N] of the last step. */
  public double[] rewards() {
    return rewards;
  }

  /** [N] whether the last step came to an end. */
  public boolean[] terminated() {
    return terminated;
  }

  /** [N] whether the last step was cut off, by a time limit or by the environment. */
  public boolean[] truncated() {
    return truncated;
  }

  /** [N] whether the last step's row is only a reset: to be masked out of training. */
  public boolean[] inserted() {
    return inserted;
  }

  /** [N] sum of the episode's rewards up to the last step. */
  public double[] episodeReturns() {
    return episodeReturns;
  }

  /** [N] steps of the episode up to the last one. */
  public int[] episodeLengths() {
    return episodeLengths;
  }
}
