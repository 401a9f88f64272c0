package dev.troupe.actors.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.troupe.actors.journal.JournalReader;
import dev.troupe.actors.learner.LearnerEngine;
import dev.troupe.actors.learner.LearnerEngines;
import dev.troupe.actors.node.Workshop;
import dev.troupe.actors.policy.Policy;
import dev.troupe.actors.reward.Judge;
import dev.troupe.actors.rollout.Sample;
import dev.troupe.actors.rollout.SamplerEngine;
import dev.troupe.actors.rollout.SamplerEngines;
import dev.troupe.actors.rollout.TorchSamplers;
import dev.troupe.learner.checkpoint.CheckpointStore;
import dev.troupe.protocol.batch.Batch;
import dev.troupe.protocol.checkpoint.CheckpointRef;
import dev.troupe.protocol.lease.Lease;
import dev.troupe.protocol.ledger.LedgerEvent;
import dev.troupe.protocol.ledger.ProcessorKind;
import dev.troupe.protocol.ledger.UpdateTrace;
import dev.troupe.protocol.outcome.VerifierVersion;
import dev.troupe.protocol.policy.PolicyVersion;
import dev.troupe.protocol.run.RunSpecification;
import dev.troupe.protocol.trajectory.Trajectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A tiny decoder, really trained. */
@Timeout(240)
class RealRunTest {
  @TempDir Path directory;
  private final List<RunEvent> events = new CopyOnWriteArrayList<>();

  private TroupeOptions options() {
    return TestRuns.options(events::add);
  }

  @Test
  void trainsATinyDecoderToTheEnd() throws Exception {
    RunSpecification recipe = Recipes.small().sft(20).updates(8).build();
    RunSummary summary = TestRuns.end(Troupe.start(recipe, new RunDirectory(directory), options()));
    assertThat(summary.updates()).isEqualTo(8);
    assertThat(summary.accuracyBefore()).isPresent();
    assertThat(summary.accuracyAfter()).isPresent();
    assertThat(summary.ledger().consumed()).isEqualTo(8 * 16);
    assertThat(summary.samplingTokensPerSecond()).isPositive();
    assertThat(summary.learningTokensPerSecond()).isPositive();
    assertThat(summary.samplingIdleShare()).isBetween(0.0, 1.0);
    assertThat(summary.learningIdleShare()).isBetween(0.0, 1.0);
    assertThat(summary.bestCheckpoint()).isPresent();
  }

  @Test
  void journaledSamplesCanBeMadeAgainFromTheVersionsThatTheyName() throws Exception {
    RunSpecification recipe = Recipes.small().lagMax(2).sft(10).updates(10).build();
    RunDirectory run = new RunDirectory(directory);
    Map<PolicyVersion, Policy> kept = new ConcurrentHashMap<>();
    Engines engines = TorchEngines.of(recipe, run, options());
    Engines keeping =
        new Engines(
            new KeepingWorkshop(engines.workshop(), kept),
            engines.tasks(),
            engines.heldOut(),
            engines.verifier(),
            engines.threads(),
            engines.closing());
    RunSummary summary = TestRuns.end(Troupe.start(recipe, run, options(), keeping));
    assertThat(summary.meanPolicyLag()).isPositive();

    Map<String, Lease> leases = new HashMap<>();
    Map<PolicyVersion, List<Trajectory>> recorded = new HashMap<>();
    JournalReader.open(run.journal(), run.epochs())
        .forEach(
            (event, _) -> {
              if (event instanceof LedgerEvent.Granted(var lease, _)) {
                leases.put(lease.id().toString(), lease);
              } else if (event instanceof LedgerEvent.Recorded(var judged)) {
                recorded
                    .computeIfAbsent(judged.trajectory().behaviour(), _ -> new ArrayList<>())
                    .add(judged.trajectory());
              }
            });
    assertThat(recorded).hasSizeGreaterThan(3);
    try (SamplerEngine sampler = new TorchSamplers(recipe, threads -> threads).create()) {
      recorded.forEach(
          (version, trajectories) -> {
            Policy policy = kept.get(version);
            assertThat(policy).as("weights of %s", version).isNotNull();
            sampler.use(policy);
            assertThat(again(sampler, trajectories, leases))
                .containsExactlyInAnyOrderElementsOf(trajectories);
          });
    }
    kept.values().forEach(Policy::close);
  }

  private static List<Trajectory> again(
      SamplerEngine sampler, List<Trajectory> trajectories, Map<String, Lease> leases) {
    List<Trajectory> made = new ArrayList<>();
    int next = 0;
    while (made.size() < trajectories.size()) {
      for (; sampler.freeLanes() > 0 && next < trajectories.size(); next++) {
        Trajectory wanted = trajectories.get(next);
        Lease lease = leases.get(wanted.lease().toString());
        assertThat(lease).isNotNull();
        sampler.submit(
            new Sample(wanted.id(), lease, lease.group().task(), Optional.empty(), false));
      }
      sampler.advance().forEach(finished -> made.add(finished.trajectory()));
    }
    return made;
  }

  @Test
  void twoRunsAtLagZeroAndAThirdThatWasStoppedEndWithTheSameBits() throws Exception {
    RunSpecification recipe = Recipes.small().lagMax(0).sft(10).updates(10).checkpoints(3).build();
    byte[] first = weightsOf(recipe, "first", false);
    assertThat(weightsOf(recipe, "second", false)).isEqualTo(first);
    assertThat(weightsOf(recipe, "third", true)).isEqualTo(first);
  }

  private byte[] weightsOf(RunSpecification recipe, String name, boolean stopped) throws Exception {
    RunDirectory run = new RunDirectory(directory.resolve(name));
    RunSummary summary;
    if (stopped) {
      events.clear();
      RunHandle handle = Troupe.start(recipe, run, options());
      await()
          .until(
              () ->
                  events.stream()
                      .anyMatch(e -> e instanceof RunEvent.UpdateMade made && made.number() >= 5));
      handle.stopNow();
      TestRuns.end(handle);
      summary = TestRuns.end(Troupe.start(recipe, run, options().resuming()));
    } else {
      summary = TestRuns.end(Troupe.start(recipe, run, options()));
    }
    CheckpointRef last = summary.lastCheckpoint().orElseThrow();
    assertThat(last.update()).isEqualTo(20);
    return Files.readAllBytes(
        run.checkpoints().resolve(CheckpointStore.name(last)).resolve("weights.safetensors"));
  }

  private record KeepingWorkshop(Workshop inner, Map<PolicyVersion, Policy> kept)
      implements Workshop {
    @Override
    public LearnerEngines learners(String run, RunSpecification specification) {
      return new KeepingLearners(inner.learners(run, specification), kept);
    }

    @Override
    public SamplerEngines samplers(RunSpecification specification) {
      return inner.samplers(specification);
    }

    @Override
    public Supplier<Judge> judges(RunSpecification specification, VerifierVersion verifier) {
      return inner.judges(specification, verifier);
    }

    @Override
    public Optional<String> cannotLearn(String run, String token) {
      return inner.cannotLearn(run, token);
    }
  }

  /** Keeps every snapshot that the learner makes. */
  private record KeepingLearners(LearnerEngines inner, Map<PolicyVersion, Policy> kept)
      implements LearnerEngines {
    @Override
    public ThreadFactory threads() {
      return inner.threads();
    }

    @Override
    public ProcessorKind processor() {
      return inner.processor();
    }

    @Override
    public void prepare() {
      inner.prepare();
    }

    @Override
    public int claim(int newest) {
      return inner.claim(newest);
    }

    @Override
    public LearnerEngine open(int incarnation, Optional<CheckpointRef> checkpoint) {
      LearnerEngine engine = inner.open(incarnation, checkpoint);
      return new LearnerEngine() {
        @Override
        public Standing standing() {
          return engine.standing();
        }

        @Override
        public Step pretrain() {
          return engine.pretrain();
        }

        @Override
        public Step update(Batch batch) {
          return engine.update(batch);
        }

        @Override
        public UpdateTrace trace() {
          return engine.trace();
        }

        @Override
        public Policy snapshot() {
          Policy policy = engine.snapshot();
          kept.computeIfAbsent(policy.version(), _ -> policy.retain());
          return policy;
        }

        @Override
        public CheckpointRef save() {
          return engine.save();
        }

        @Override
        public void prune(CheckpointRef committed, Set<Long> also) {
          engine.prune(committed, also);
        }

        @Override
        public void close() {
          engine.close();
        }
      };
    }
  }
}
