package dev.troupe.actors.plane;

import dev.troupe.actors.policy.Policy;
import dev.troupe.actors.rollout.Finished;
import dev.troupe.actors.rollout.Sample;
import dev.troupe.actors.rollout.SamplerEngine;
import dev.troupe.actors.rollout.SamplerEngines;
import dev.troupe.protocol.policy.PolicyVersion;
import dev.troupe.protocol.trajectory.Trajectory;
import dev.troupe.protocol.trajectory.TrajectoryBody;
import dev.troupe.protocol.trajectory.VersionSpan;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/** Samplers that repeat one trajectory, at once or at a given pace. */
final class PacedSamplers implements SamplerEngines {
  /** A call of a decoder makes a few tokens for every lane. */
  private static final long CALL_NANOS = Duration.ofMillis(10).toNanos();

  /** Trajectories that one call finishes, as decoders finish a few at a time. */
  private static final int TOGETHER_MAX = 32;

  private final TrajectoryBody body;
  private final int lanes;
  private final LongSupplier nanos;
  private final ThreadFactory threads;
  private volatile double perSecond;

  PacedSamplers(TrajectoryBody body, int lanes, LongSupplier nanos, ThreadFactory threads) {
    this.body = body;
    this.lanes = lanes;
    this.nanos = nanos;
    this.threads = threads;
  }

  /** 0 = as many as are asked for. */
  void pace(double wanted) {
    perSecond = wanted;
  }

  @Override
  public SamplerEngine create() {
    return new Engine();
  }

  @Override
  public ThreadFactory threads() {
    return threads;
  }

  @Override
  public int lanes() {
    return lanes;
  }

  private final class Engine implements SamplerEngine {
    private final ArrayDeque<Sample> samples = new ArrayDeque<>();
    private Optional<PolicyVersion> version = Optional.empty();
    private long dueNanos = nanos.getAsLong();
    private long made;

    @Override
    public void use(Policy policy) {
      version = Optional.of(policy.version());
    }

    @Override
    public int freeLanes() {
      return lanes - samples.size();
    }

    @Override
    public void submit(Sample sample) {
      samples.add(sample);
    }

    @Override
    public List<Finished> advance() {
      List<Finished> done = new ArrayList<>();
      int due = due();
      for (int i = 0; i < due; i++) {
        Sample sample = samples.removeFirst();
        done.add(
            Finished.unjudged(
                new Trajectory(
                    sample.id(),
                    sample.lease().id(),
                    sample.lease().attempt(),
                    List.of(new VersionSpan(0, version.orElseThrow())),
                    body)));
      }
      made += due;
      return done;
    }

    private int due() {
      int most = Math.min(TOGETHER_MAX, samples.size());
      double pace = perSecond;
      if (pace == 0) {
        return most;
      }
      LockSupport.parkNanos(CALL_NANOS);
      long now = nanos.getAsLong();
      double each = 1e9 / pace;
      // What a pause kept from being made isn't made up for.
      dueNanos = Math.max(dueNanos, now - Duration.ofMillis(100).toNanos());
      int due = (int) Math.min(most, (now - dueNanos) / each);
      dueNanos += (long) (due * each);
      return due;
    }

    @Override
    public boolean idle() {
      return samples.isEmpty();
    }

    @Override
    public long tokens() {
      return made;
    }

    @Override
    public void close() {}
  }
}
