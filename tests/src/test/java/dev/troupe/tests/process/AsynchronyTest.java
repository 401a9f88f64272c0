package dev.troupe.tests.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.troupe.deploy.policy.TrainedPolicy;
import dev.troupe.model.torch.ProgramSource;
import dev.troupe.model.torch.Result;
import dev.troupe.model.torch.Tensor;
import dev.troupe.model.torch.TorchProgram;
import dev.troupe.model.torch.TorchRuntime;
import dev.troupe.protocol.ledger.LedgerEvent;
import dev.troupe.protocol.ledger.LedgerEvent.BatchCut;
import dev.troupe.protocol.ledger.LedgerEvent.Recorded;
import dev.troupe.protocol.ledger.LedgerEvent.Updated;
import dev.troupe.protocol.policy.PolicyVersion;
import dev.troupe.protocol.trajectory.Segment;
import dev.troupe.protocol.trajectory.Trajectory;
import dev.troupe.protocol.trajectory.TrajectoryBody.Completion;
import dev.troupe.protocol.trajectory.TrajectoryId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sampling and learning at the same time, with a verifier that takes 50 ms. */
final class AsynchronyTest {
  /** Another program and another padding: the last bits of float32 may differ, no more. */
  private static final double TOLERANCE = 2e-5;

  private static final String LOG_PROBS =
      """
      class Program(Module):
          def log_probs(self, tokens: Tensor, w: List[Tensor]) -> Tensor:
              logits = torch.linear(hidden_states(tokens, w), head_weight(w))
              return torch.log_softmax(logits.squeeze(0), -1)
      """;

  @TempDir Path directory;

  private RunFiles run(int lagMax) throws IOException {
    String recipe =
        TinyRecipe.in(
                directory,
                "replay.max-policy-lag = " + lagMax,
                "reward { artificial-delay = 50 ms, workers = 8 }",
                "checkpoints { every = 1, keep = 100 }",
                "evaluation.every = 0")
            .toString();
    String name = "lag-" + lagMax;
    Product.in(directory).run("train", recipe, "--no-page", "--run", name).with(0);
    RunFiles run = new RunFiles(directory.resolve(name));
    Finished.check(run);
    return run;
  }

  @Test
  void withoutLagNothingIsSampledFromAnOlderPolicyThanTheOneThatLearns() throws IOException {
    RunFiles run = run(0);

    assertThat(lags(run)).containsOnly(0L);
    assertThat(recordedBetweenCutAndUpdate(run)).isZero();
  }

  @Test
  void withLagSamplingOverlapsLearningAndEveryLogProbabilityIsItsVersions() throws Exception {
    RunFiles run = run(2);

    assertThat(lags(run)).allMatch(lag -> lag >= 0 && lag <= 2).anyMatch(lag -> lag > 0);
    assertThat(recordedBetweenCutAndUpdate(run)).isPositive();
    assertThat(versions(run).keySet()).hasSizeGreaterThan(3);
    FutureTask<Integer> check = new FutureTask<>(() -> checkLogProbs(run));
    TorchRuntime.threads("recomputing").newThread(check).start();
    assertThat(check.get()).isGreaterThanOrEqualTo(TinyRecipe.UPDATES * TinyRecipe.BATCH);
  }

  /** Updates between the behaviour version and the learner's, of every trajectory in a batch. */
  private static List<Long> lags(RunFiles run) throws IOException {
    Map<TrajectoryId, Long> behaviour = new HashMap<>();
    for (Recorded recorded : run.events(Recorded.class)) {
      Trajectory trajectory = recorded.trajectory().trajectory();
      behaviour.put(trajectory.id(), trajectory.behaviour().update());
    }
    List<Long> lags = new ArrayList<>();
    for (BatchCut cut : run.events(BatchCut.class)) {
      long learner = TinyRecipe.SUPERVISED_STEPS + cut.number() - 1;
      cut.ids().forEach(id -> lags.add(learner - behaviour.getOrDefault(id, Long.MAX_VALUE)));
    }
    return lags;
  }

  /** Trajectories that came in while a batch was cut and its update not yet made. */
  private static long recordedBetweenCutAndUpdate(RunFiles run) throws IOException {
    long cut = 0;
    long updated = 0;
    long overlapping = 0;
    for (LedgerEvent event : run.events()) {
      if (event instanceof BatchCut) {
        cut++;
      } else if (event instanceof Updated made && made.batch() > 0) {
        updated++;
      } else if (event instanceof Recorded && cut > updated) {
        overlapping++;
      }
    }
    return overlapping;
  }

  private static Map<PolicyVersion, List<Trajectory>> versions(RunFiles run) throws IOException {
    Map<PolicyVersion, List<Trajectory>> versions = new HashMap<>();
    for (Recorded recorded : run.events(Recorded.class)) {
      Trajectory trajectory = recorded.trajectory().trajectory();
      assertThat(trajectory.versions()).hasSize(1);
      versions.computeIfAbsent(trajectory.behaviour(), _ -> new ArrayList<>()).add(trajectory);
    }
    return versions;
  }

  /** Computes every journaled log-probability again; says how many trajectories there were. */
  private static int checkLogProbs(RunFiles run) throws IOException {
    int checked = 0;
    for (Map.Entry<PolicyVersion, List<Trajectory>> entry : versions(run).entrySet()) {
      PolicyVersion version = entry.getKey();
      try (TrainedPolicy policy =
          TrainedPolicy.load(
              run.directory().root(), OptionalLong.of(version.update()), List.of())) {
        assertThat(policy.snapshot().version().hash()).isEqualTo(version.hash());
        List<ProgramSource> sources = new ArrayList<>(policy.network().sources());
        sources.add(new ProgramSource("log_probs.py", LOG_PROBS));
        try (TorchProgram program =
            TorchProgram.compile("check", sources, policy.network().constants(Map.of()))) {
          for (Trajectory trajectory : entry.getValue()) {
            check(program, policy, trajectory);
            checked++;
          }
        }
      }
    }
    return checked;
  }

  private static void check(TorchProgram program, TrainedPolicy policy, Trajectory trajectory) {
    List<Segment> segments = ((Completion) trajectory.body()).segments();
    int[] prompt = segments.getFirst().tokens().toArray();
    Segment answer = segments.get(1);
    int[] chosen = answer.tokens().toArray();
    int[] tokens = Arrays.copyOf(prompt, prompt.length + chosen.length);
    System.arraycopy(chosen, 0, tokens, prompt.length, chosen.length);
    int vocabulary = policy.tokenizer().size();
    try (Tensor input =
            Tensor.of(Arrays.stream(tokens).asLongStream().toArray(), 1, tokens.length);
        Result result = program.run("log_probs", input, policy.snapshot().parameters().tensors());
        Tensor logProbs = result.tensor()) {
      float[] rows = logProbs.toFloats();
      for (int t = 0; t < chosen.length; t++) {
        double expected = rows[(prompt.length + t - 1) * vocabulary + chosen[t]];
        assertThat((double) answer.policyLogProbs().at(t))
            .as("token %d of %s under %s", t, trajectory.id(), trajectory.behaviour())
            .isCloseTo(expected, within(TOLERANCE));
        assertThat((double) answer.logProbs().at(t)).isCloseTo(expected, within(TOLERANCE));
      }
    }
  }
}
