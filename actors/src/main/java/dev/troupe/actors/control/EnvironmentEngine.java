package dev.troupe.actors.control;

import dev.troupe.actors.policy.Policy;
import dev.troupe.actors.policy.SnapshotPolicy;
import dev.troupe.actors.rollout.Finished;
import dev.troupe.actors.rollout.Sample;
import dev.troupe.actors.rollout.SamplerEngine;
import dev.troupe.model.network.ControlNetwork;
import dev.troupe.model.network.PolicySnapshot;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.policy.PolicyVersion;
import dev.troupe.protocol.run.ControlRun;
import dev.troupe.protocol.run.EnvironmentSpecification;
import dev.troupe.protocol.task.TaskContent;
import dev.troupe.protocol.trajectory.EnvironmentState;
import dev.troupe.protocol.trajectory.Trajectory;
import dev.troupe.protocol.trajectory.TrajectoryBody.EnvironmentFragment;
import dev.troupe.protocol.trajectory.VersionSpan;
import dev.troupe.rollout.environment.AutoresetMode;
import dev.troupe.rollout.environment.EnvironmentFailedException;
import dev.troupe.rollout.environment.EnvironmentFailure;
import dev.troupe.rollout.environment.EnvironmentSource;
import dev.troupe.rollout.environment.VectorEnvironment;
import dev.troupe.rollout.fragment.EpisodePlayer;
import dev.troupe.rollout.fragment.FragmentSampler;
import dev.troupe.rollout.fragment.Fragments;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Samples fragments in environments of its own, one after the other; or, given tasks of an
 * evaluation, plays their episodes.
 *
 * <p>The environments begin with the seed of the first fragment, or where an earlier life of the
 * run left others, and go on from one to the next. Where the place of environments is fixed, every
 * fragment goes on where it is told, or begins with its own seed. A failure of one is the outcome
 * of its fragment: nothing is trained on, and the run's budget of failures says how many there may
 * be.
 */
final class EnvironmentEngine implements SamplerEngine {
  private static final Logger LOG = LoggerFactory.getLogger(EnvironmentEngine.class);

  /** Larger ones aren't kept: one goes with every fragment, in the same message. */
  private static final long STATE_BYTES_MAX = 128 << 10;

  /** Between two of them orders are heard. */
  private static final int STEPS_A_CALL = 4_096;

  private final ControlRun run;
  private final long seed;
  private final boolean placed;
  private final EnvironmentSource source;
  private final LongSupplier nanos;
  private final AtomicBoolean said;
  private final ControlNetwork network;
  private @Nullable PolicySnapshot policy;

  // Asked for by another thread when a step doesn't come back.
  private volatile @Nullable Sample sample;
  private volatile @Nullable FragmentSampler sampler;
  private volatile @Nullable EpisodePlayer player;

  /** Of the policy that plays what is under way: a newer one waits for the next fragment. */
  private volatile @Nullable PolicyVersion version;

  private boolean policyChanged;
  private boolean begun;
  private long before;
  private long line;
  private boolean keeps;
  private Optional<EnvironmentState> stands = Optional.empty();

  /**
   * @param placed whether every fragment says where it goes on, or begins new episodes
   * @param said whether someone said that states can't be kept
   */
  EnvironmentEngine(
      ControlRun run,
      long seed,
      boolean placed,
      EnvironmentSource source,
      LongSupplier nanos,
      AtomicBoolean said) {
    this.run = run;
    this.seed = seed;
    this.placed = placed;
    this.source = source;
    this.nanos = nanos;
    this.said = said;
    this.network = ControlNetworks.of(run);
  }

  @Override
  public void use(Policy next) {
    PolicySnapshot taken =
        switch (next) {
          case SnapshotPolicy(var snapshot) -> snapshot.retain();
          default ->
              throw new IllegalArgumentException(
                  "samplers use snapshots of a network, got [" + next.getClass() + "]");
        };
    letGo();
    policy = taken;
    policyChanged = true;
  }

  @Override
  public int freeLanes() {
    return sample == null ? 1 : 0;
  }

  @Override
  public void submit(Sample next) {
    if (policy == null || sample != null) {
      throw new IllegalStateException("no policy, or a fragment is under way");
    }
    sample = next;
    begun = false;
  }

  @Override
  public List<Finished> advance() {
    Sample now = sample;
    PolicySnapshot snapshot = policy;
    if (now == null || snapshot == null) {
      return List.of();
    }
    try {
      Optional<EnvironmentFragment> done =
          now.greedy() ? play(now, snapshot) : fragment(now, snapshot);
      return done.map(fragment -> List.of(finished(now, fragment, outcome(now, fragment))))
          .orElse(List.of());
    } catch (EnvironmentFailedException e) {
      closePlayer();
      stands = Optional.empty();
      Outcome outcome = new Outcome.Crashed(e.failure().toString());
      return List.of(finished(now, Fragments.lost(), outcome));
    }
  }

  private Optional<EnvironmentFragment> fragment(Sample now, PolicySnapshot snapshot) {
    FragmentSampler open = sampler;
    if (open == null) {
      open = open(content(now).seed());
      sampler = open;
      policyChanged = true;
      keeps = open.resumes();
      if (!keeps && !said.getAndSet(true)) {
        LOG.info("[{}] can't be kept: a resumed run begins new episodes", source.id());
      }
      line = now.id().group();
      if (now.from().isPresent()) {
        goOn(open, now.from().get(), now);
      }
    } else if (placed && keeps && !begun) {
      place(open, now);
    }
    if (!begun) {
      if (policyChanged) {
        open.use(snapshot);
        policyChanged = false;
        version = snapshot.version();
      }
      open.begin(now.id().group());
      begun = true;
    }
    Optional<EnvironmentFragment> done = open.advance(stepsACall(open.lanes()));
    if (done.isPresent()) {
      stands = state(open);
    }
    return done.map(fragment -> fragment.endingIn(stands));
  }

  /** To where the fragment begins, which may be where the one before ended. */
  private void place(FragmentSampler open, Sample now) {
    Optional<EnvironmentState> from = now.from();
    if (from.isEmpty()) {
      beginAnew(open, now);
    } else if (!from.equals(stands)) {
      goOn(open, from.get(), now);
    }
  }

  private void goOn(FragmentSampler open, EnvironmentState from, Sample now) {
    try {
      open.goOn(from);
      line = from.line();
    } catch (RuntimeException e) {
      LOG.warn(
          "[{}] environments begin new episodes, because they can't go on: {}",
          open.lanes(),
          e.toString());
      beginAnew(open, now);
    }
  }

  private void beginAnew(FragmentSampler open, Sample now) {
    open.beginAnew(content(now).seed());
    line = now.id().group();
  }

  /** Where the sampler stands, for whoever resumes the run after the fragment that is over. */
  private Optional<EnvironmentState> state(FragmentSampler open) {
    if (!keeps) {
      return Optional.empty();
    }
    String why;
    try {
      EnvironmentState state = open.keep(line);
      if (state.bytes() <= STATE_BYTES_MAX) {
        return Optional.of(state);
      }
      why = "it has [" + state.bytes() + "] bytes, at most [" + STATE_BYTES_MAX + "] are kept";
    } catch (RuntimeException | StackOverflowError | LinkageError e) {
      why = e.toString();
    }
    keeps = false;
    if (!said.getAndSet(true)) {
      LOG.warn(
          "the state of [{}] can't be kept, a resumed run begins new episodes: {}",
          source.id(),
          why);
    }
    return Optional.empty();
  }

  private FragmentSampler open(long firstSeed) {
    EnvironmentSpecification environment = run.environment();
    AutoresetMode autoreset =
        switch (environment.autoreset()) {
          case SAME_STEP -> AutoresetMode.SAME_STEP;
          case NEXT_STEP -> AutoresetMode.NEXT_STEP;
        };
    return new FragmentSampler(
        network,
        new VectorEnvironment(source, environment.count(), autoreset, nanos),
        environment.steps(),
        run.control().returns().discount(),
        seed,
        firstSeed);
  }

  private Optional<EnvironmentFragment> play(Sample now, PolicySnapshot snapshot) {
    EpisodePlayer open = player;
    TaskContent.Environment content = content(now);
    if (open == null) {
      open =
          new EpisodePlayer(
              network, source, content.lanes(), content.seed(), true, snapshot, nanos);
      player = open;
      version = snapshot.version();
    }
    Optional<EnvironmentFragment> episodes = open.advance(stepsACall(content.lanes()));
    if (episodes.isPresent()) {
      closePlayer();
    }
    return episodes;
  }

  private static int stepsACall(int lanes) {
    return Math.max(1, STEPS_A_CALL / lanes);
  }

  private static TaskContent.Environment content(Sample sample) {
    return switch (sample.task().content()) {
      case TaskContent.Environment environment -> environment;
      case TaskContent.Prompt _ ->
          throw new IllegalArgumentException(
              "a run in environments has no prompts, got task [" + sample.task().number() + "]");
    };
  }

  private static Outcome outcome(Sample sample, EnvironmentFragment fragment) {
    return sample.greedy()
        ? FragmentOutcome.ofEpisodes(fragment)
        : FragmentOutcome.ofFragment(fragment);
  }

  private Finished finished(Sample now, EnvironmentFragment fragment, Outcome outcome) {
    sample = null;
    PolicyVersion played = version;
    if (played == null) {
      // Not even the first reset went well.
      played = Objects.requireNonNull(policy, "policy").version();
    }
    Trajectory trajectory =
        new Trajectory(
            now.id(),
            now.lease().id(),
            now.lease().attempt(),
            List.of(new VersionSpan(0, played)),
            fragment);
    return new Finished(trajectory, Optional.of(outcome));
  }

  @Override
  public Optional<Finished> overdue() {
    Sample now = sample;
    FragmentSampler open = sampler;
    EpisodePlayer playing = player;
    Duration limit = run.environment().stepLimit();
    if (now == null) {
      return Optional.empty();
    }
    Optional<EnvironmentFailure> failure =
        now.greedy()
            ? Optional.ofNullable(playing).flatMap(it -> it.overdue(limit))
            : Optional.ofNullable(open).flatMap(it -> it.overdue(limit));
    return failure.map(why -> finished(now, Fragments.lost(), new Outcome.Crashed(why.toString())));
  }

  @Override
  public boolean idle() {
    return sample == null;
  }

  @Override
  public long tokens() {
    FragmentSampler open = sampler;
    EpisodePlayer playing = player;
    return before
        + (open == null ? 0 : open.stepsTaken())
        + (playing == null ? 0 : playing.stepsTaken());
  }

  private void closePlayer() {
    EpisodePlayer playing = player;
    if (playing != null) {
      before += playing.stepsTaken();
      playing.close();
      player = null;
    }
  }

  private void letGo() {
    PolicySnapshot old = policy;
    if (old != null) {
      old.close();
      policy = null;
    }
  }

  @Override
  public void close() {
    closePlayer();
    FragmentSampler open = sampler;
    if (open != null) {
      open.close();
    }
    letGo();
  }
}
