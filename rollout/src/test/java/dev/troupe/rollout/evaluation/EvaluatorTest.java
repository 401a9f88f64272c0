package dev.troupe.rollout.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.model.network.DecoderNetwork;
import dev.troupe.model.network.DecoderShape;
import dev.troupe.model.network.PolicySnapshot;
import dev.troupe.model.tokenizer.CharacterTokenizer;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.outcome.VerifierRef;
import dev.troupe.protocol.run.RewardSpecification;
import dev.troupe.protocol.run.SamplingSpecification;
import dev.troupe.protocol.task.Task;
import dev.troupe.protocol.task.TaskContent;
import dev.troupe.protocol.trajectory.Trajectory;
import dev.troupe.rollout.sampling.CompletionSampler;
import dev.troupe.rollout.verify.Verifier;
import dev.troupe.rollout.verify.VerifierRunner;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EvaluatorTest {
  private static final RewardSpecification REWARD =
      new RewardSpecification(
          "fake",
          "1",
          Duration.ofSeconds(10),
          1,
          2,
          3,
          1,
          RewardSpecification.OnFailedMember.DROP_GROUP,
          1,
          1,
          Duration.ZERO);

  /** Scores the first half of the tasks 1, throws at every tenth, scores the rest 0. */
  private static final Verifier VERIFIER =
      new Verifier() {
        @Override
        public VerifierRef ref() {
          return new VerifierRef("fake", "1", "00");
        }

        @Override
        public Outcome verify(Task task, Trajectory trajectory) {
          if (task.number() % 10 == 9) {
            throw new IllegalStateException("no");
          }
          return new Outcome.Scored(task.number() < 10 ? 1 : 0);
        }
      };

  @Test
  void judgesEveryTaskOnceAndInOrder() {
    CharacterTokenizer tokenizer = new CharacterTokenizer("0123456789+=");
    DecoderNetwork network =
        new DecoderNetwork(
            new DecoderShape(tokenizer.size(), 16, 1, 2, 1, 8, 24, 16, 10_000, 1e-5, true, 0.3));
    SamplingSpecification sampling =
        new SamplingSpecification(
            1, 0, 1, 4, List.of(), 8, 2, SamplingSpecification.Switching.BETWEEN_EPISODES);
    List<Task> tasks =
        IntStream.range(0, 20)
            .mapToObj(
                i ->
                    new Task(
                        i, "test", i < 10 ? "easy" : "hard", new TaskContent.Prompt(i + "+1=", "")))
            .toList();
    try (PolicySnapshot policy = PolicySnapshot.of(1, 3, network.initial(1));
        CompletionSampler sampler = new CompletionSampler(network, tokenizer, sampling, 1);
        VerifierRunner runner =
            new VerifierRunner(
                VERIFIER,
                REWARD,
                Thread.ofPlatform().daemon().factory(),
                (delay, action) -> () -> {})) {
      sampler.use(policy);
      Evaluation evaluation = Evaluator.greedy(sampler, runner, tasks);
      assertThat(evaluation.version()).isEqualTo(policy.version());
      assertThat(evaluation.samples().stream().map(Evaluation.Sample::task)).isEqualTo(tasks);
      assertThat(evaluation.accuracy()).isEqualTo(0.45);
      assertThat(evaluation.accuracyByDifficulty()).isEqualTo(Map.of("easy", 0.9, "hard", 0.0));
      assertThat(evaluation.unscored()).isEqualTo(2);
      assertThat(sampler.idle()).isTrue();
    }
  }
}
