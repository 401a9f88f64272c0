package dev.troupe.actors.run;

import dev.troupe.actors.learner.HopelessException;
import dev.troupe.actors.learner.LearnerEngine;
import dev.troupe.actors.learner.LearnerEngines;
import dev.troupe.actors.node.Workshop;
import dev.troupe.actors.policy.Policy;
import dev.troupe.actors.reward.Judge;
import dev.troupe.actors.rollout.Finished;
import dev.troupe.actors.rollout.Sample;
import dev.troupe.actors.rollout.SamplerEngine;
import dev.troupe.actors.rollout.SamplerEngines;
import dev.troupe.protocol.batch.Batch;
import dev.troupe.protocol.batch.BatchGroup;
import dev.troupe.protocol.batch.JudgedTrajectory;
import dev.troupe.protocol.checkpoint.CheckpointRef;
import dev.troupe.protocol.ledger.ProcessorKind;
import dev.troupe.protocol.ledger.UpdateTrace;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.outcome.VerifierRef;
import dev.troupe.protocol.outcome.VerifierVersion;
import dev.troupe.protocol.policy.PolicyVersion;
import dev.troupe.protocol.run.RunSpecification;
import dev.troupe.protocol.task.Task;
import dev.troupe.protocol.task.TaskContent;
import dev.troupe.protocol.tensor.FloatArray;
import dev.troupe.protocol.tensor.IntArray;
import dev.troupe.protocol.trajectory.Segment;
import dev.troupe.protocol.trajectory.Trajectory;
import dev.troupe.protocol.trajectory.TrajectoryBody;
import dev.troupe.protocol.trajectory.VersionSpan;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Engines that compute next to nothing, deterministically: a policy is a number, a sample is a
 * function of (trajectory, policy), an update mixes a batch into the number.
 */
final class FakeEngines {
  static final VerifierRef VERIFIER = new VerifierRef("exact", "1", "00");

  /** What "disk" holds: the learner's number by checkpoint. */
  final Map<CheckpointRef, long[]> checkpoints = new ConcurrentHashMap<>();

  /** Every batch that any learner trained on, as (update, trajectories). */
  final List<String> trained = new CopyOnWriteArrayList<>();

  /** Weights by version, in the order they were made. */
  final List<PolicyVersion> versions = new CopyOnWriteArrayList<>();

  final List<Set<Long>> keptAtPruning = new CopyOnWriteArrayList<>();
  final AtomicInteger livePolicies = new AtomicInteger();
  volatile Function<Trajectory, Optional<CompletionStage<Outcome>>> verdicts =
      trajectory ->
          Optional.of(
              CompletableFuture.completedFuture(new Outcome.Scored(trajectory.id().member() % 2)));

  /** The same, where what is said depends on who judges. */
  volatile BiFunction<VerifierRef, Trajectory, Optional<CompletionStage<Outcome>>> verdictsBy =
      (_, trajectory) -> verdicts.apply(trajectory);

  volatile Runnable onUpdate = () -> {};
  volatile Runnable onAdvance = () -> {};
  volatile Supplier<Boolean> nonFinite = () -> false;

  private final RunSpecification specification;
  private final EngineThreads threads = new EngineThreads();

  FakeEngines(RunSpecification specification) {
    this.specification = specification;
  }

  Engines engines() {
    return new Engines(
        new Workshop() {
          @Override
          public LearnerEngines learners(String name, RunSpecification run) {
            return new Learners();
          }

          @Override
          public Optional<String> cannotLearn(String name, String token) {
            return Optional.empty();
          }

          @Override
          public SamplerEngines samplers(RunSpecification run) {
            return new Samplers();
          }

          @Override
          public Supplier<Judge> judges(RunSpecification run, VerifierVersion verifier) {
            return () -> new FakeJudge(verifier.ref());
          }
        },
        FakeEngines::task,
        IntStream.range(0, specification.evaluation().tasksMax())
            .mapToObj(FakeEngines::task)
            .toList(),
        VERIFIER,
        threads,
        () -> {});
  }

  static Task task(long number) {
    return new Task(
        number, "fake", "easy", new TaskContent.Prompt("prompt " + number, "answer " + number));
  }

  private ThreadFactory daemons(String name) {
    return threads.remembering(Thread.ofPlatform().daemon().name(name, 1).factory());
  }

  private final class FakePolicy implements Policy {
    private final PolicyVersion version;
    private final long weights;
    private final AtomicInteger users = new AtomicInteger(1);

    FakePolicy(PolicyVersion version, long weights) {
      this.version = version;
      this.weights = weights;
      livePolicies.incrementAndGet();
    }

    @Override
    public PolicyVersion version() {
      return version;
    }

    @Override
    public Policy retain() {
      if (users.getAndIncrement() <= 0) {
        throw new IllegalStateException("policy [" + version + "] is freed");
      }
      return this;
    }

    @Override
    public void close() {
      int left = users.decrementAndGet();
      if (left < 0) {
        throw new IllegalStateException("policy [" + version + "] is closed too often");
      }
      if (left == 0) {
        livePolicies.decrementAndGet();
      }
    }
  }

  private final class Learners implements LearnerEngines {
    @Override
    public ThreadFactory threads() {
      return daemons("learner-");
    }

    @Override
    public ProcessorKind processor() {
      return ProcessorKind.UNKNOWN;
    }

    @Override
    public void prepare() {}

    @Override
    public int claim(int newest) {
      return newest + 1;
    }

    @Override
    public LearnerEngine open(int incarnation, Optional<CheckpointRef> checkpoint) {
      long[] state =
          checkpoint
              .map(
                  ref -> {
                    long[] saved = checkpoints.get(ref);
                    if (saved == null) {
                      throw new HopelessException(
                          "checkpoint " + ref + " is not there", new IllegalStateException());
                    }
                    return saved.clone();
                  })
              .orElse(new long[] {0, 0, 1});
      return new FakeLearner(incarnation, state);
    }
  }

  /** State: batches, supervised steps, weights. */
  private final class FakeLearner implements LearnerEngine {
    private final int incarnation;
    private final long[] state;

    FakeLearner(int incarnation, long[] state) {
      this.incarnation = incarnation;
      this.state = state;
    }

    @Override
    public Standing standing() {
      return new Standing(state[0] + state[1], state[0], state[1]);
    }

    @Override
    public Step pretrain() {
      state[1]++;
      state[2] = state[2] * 31 + 7;
      return new Step(false, 64, Map.of("loss", 1.0 / state[1]));
    }

    @Override
    public Step update(Batch batch) {
      if (batch.number() != state[0] + 1) {
        throw new IllegalStateException("batch " + batch.number() + " after " + state[0]);
      }
      onUpdate.run();
      StringBuilder ids = new StringBuilder();
      for (BatchGroup group : batch.groups()) {
        for (JudgedTrajectory judged : group.trajectories()) {
          ids.append(judged.trajectory().id()).append(' ');
          state[2] =
              state[2] * 31
                  + judged.trajectory().id().hashCode()
                  + judged.trajectory().behaviour().hash().hashCode();
        }
      }
      state[0]++;
      trained.add(batch.number() + ": " + ids);
      return new Step(nonFinite.get(), 128, Map.of("loss", 0.5));
    }

    @Override
    public Policy snapshot() {
      String hash = String.format(Locale.ROOT, "%016x", state[2]);
      PolicyVersion version = new PolicyVersion(incarnation, state[0] + state[1], 0, hash);
      if (versions.isEmpty() || !versions.getLast().equals(version)) {
        versions.add(version);
      }
      return new FakePolicy(version, state[2]);
    }

    @Override
    public UpdateTrace trace() {
      return UpdateTrace.NONE;
    }

    @Override
    public CheckpointRef save() {
      CheckpointRef ref =
          new CheckpointRef(
              state[0] + state[1], incarnation, String.format(Locale.ROOT, "%064x", state[2]));
      checkpoints.put(ref, state.clone());
      return ref;
    }

    @Override
    public void prune(CheckpointRef committed, Set<Long> also) {
      keptAtPruning.add(Set.copyOf(also));
    }

    @Override
    public void close() {}
  }

  private final class Samplers implements SamplerEngines {
    @Override
    public SamplerEngine create() {
      return new FakeSampler();
    }

    @Override
    public ThreadFactory threads() {
      return daemons("sampler-");
    }

    @Override
    public int lanes() {
      return specification.sampling().lanes();
    }
  }

  private final class FakeSampler implements SamplerEngine {
    private record Lane(Sample sample, FakePolicy policy) {}

    private final List<Lane> lanes = new ArrayList<>();
    private @Nullable FakePolicy current;
    private long tokens;

    @Override
    public void use(Policy policy) {
      FakePolicy next = (FakePolicy) policy.retain();
      FakePolicy old = current;
      if (old != null) {
        old.close();
      }
      current = next;
    }

    @Override
    public int freeLanes() {
      return specification.sampling().lanes() - lanes.size();
    }

    @Override
    public void submit(Sample sample) {
      FakePolicy policy = current;
      if (policy == null || freeLanes() == 0) {
        throw new IllegalStateException("no policy or no lane");
      }
      policy.retain();
      lanes.add(new Lane(sample, policy));
    }

    @Override
    public List<Finished> advance() {
      onAdvance.run();
      List<Finished> finished = new ArrayList<>();
      for (Lane lane : lanes) {
        finished.add(Finished.unjudged(trajectory(lane)));
        lane.policy().close();
        tokens += 2;
      }
      lanes.clear();
      return finished;
    }

    private Trajectory trajectory(Lane lane) {
      long mixed = lane.policy().weights * 31 + lane.sample().id().hashCode();
      float logProb = -(mixed & 0xff) / 256f;
      return new Trajectory(
          lane.sample().id(),
          lane.sample().lease().id(),
          lane.sample().lease().attempt(),
          List.of(new VersionSpan(0, lane.policy().version())),
          new TrajectoryBody.Completion(
              List.of(
                  new Segment(
                      Segment.Kind.PROMPT,
                      "p",
                      IntArray.of(1),
                      false,
                      FloatArray.empty(),
                      FloatArray.empty()),
                  new Segment(
                      Segment.Kind.ANSWER,
                      "a",
                      IntArray.of((int) (mixed & 7), 2),
                      true,
                      FloatArray.of(logProb, -1),
                      FloatArray.of(logProb, -1))),
              TrajectoryBody.FinishReason.END_TOKEN));
    }

    @Override
    public boolean idle() {
      return lanes.isEmpty();
    }

    @Override
    public long tokens() {
      return tokens;
    }

    @Override
    public void close() {
      lanes.forEach(lane -> lane.policy().close());
      lanes.clear();
      FakePolicy old = current;
      if (old != null) {
        old.close();
        current = null;
      }
    }
  }

  private final class FakeJudge implements Judge {
    private final VerifierRef ref;

    private FakeJudge(VerifierRef ref) {
      this.ref = ref;
    }

    @Override
    public VerifierRef ref() {
      return ref;
    }

    @Override
    public Optional<CompletionStage<Outcome>> judge(Task task, Trajectory trajectory) {
      return verdictsBy.apply(ref, trajectory);
    }

    @Override
    public int room() {
      return Integer.MAX_VALUE;
    }

    @Override
    public void close() {}
  }
}
