package dev.troupe.deploy.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.troupe.deploy.recipe.Processor;
import dev.troupe.deploy.recipe.Recipe;
import dev.troupe.deploy.recipe.RecipeReader;
import dev.troupe.learner.PolicyLearner;
import dev.troupe.learner.checkpoint.CheckpointHooks;
import dev.troupe.learner.checkpoint.CheckpointStore;
import dev.troupe.model.torch.TorchRuntime;
import dev.troupe.rollout.evaluation.Evaluation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TrainedPolicyTest {
  private static final String RECIPE =
      """
      model {
        hidden = 16, layers = 1, heads = 2, kv-heads = 1, head-size = 8, feed-forward = 32
        positions = 16, alphabet = "0123456789+="
      }
      sampling { max-new-tokens = 4, tokens-per-call = 2, lanes = 8 }
      tasks.held-out = 20
      """;

  @TempDir Path folder = Path.of("");

  @Test
  void answersPromptsWithTheLogProbabilitiesOfEachToken() throws IOException {
    try (TrainedPolicy policy = TrainedPolicy.load(run(), OptionalLong.empty(), List.of());
        Answers answers = new Answers(policy, 2)) {
      List<Answers.Answer> all = answers.to("12+34=");

      assertThat(all).hasSize(3);
      assertThat(all).extracting(Answers.Answer::greedy).containsExactly(true, false, false);
      assertThat(all)
          .allSatisfy(
              answer -> {
                double sum = answer.tokens().stream().mapToDouble(Answers.Token::logProb).sum();
                assertThat(answer.logProb()).isEqualTo(sum).isNegative();
              });
      assertThatThrownBy(() -> answers.to("what?")).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void evaluatesOnTheHeldOutTasksOfTheRecipe() throws IOException {
    try (TrainedPolicy policy = TrainedPolicy.load(run(), OptionalLong.empty(), List.of())) {
      Evaluation evaluation = HeldOut.evaluate(policy, 10);

      assertThat(evaluation.samples()).hasSize(10);
      assertThat(evaluation.unscored()).isZero();
    }
  }

  @Test
  void anExportedPolicyAnswersTheSame() throws IOException {
    Path exported = folder.resolve("exported");
    List<Answers.Answer> before;
    try (TrainedPolicy policy = TrainedPolicy.load(run(), OptionalLong.of(0), List.of());
        Answers answers = new Answers(policy, 1)) {
      before = answers.to("1+1=");
      ExportedFolder.write(policy, exported);

      assertThatThrownBy(() -> ExportedFolder.write(policy, exported))
          .hasMessageContaining("is not empty");
    }
    JsonObject config =
        JsonParser.parseString(Files.readString(exported.resolve("config.json"))).getAsJsonObject();
    assertThat(config.get("vocab_size").getAsInt()).isEqualTo(15);
    try (TrainedPolicy policy = TrainedPolicy.load(exported, OptionalLong.empty(), List.of());
        Answers answers = new Answers(policy, 1)) {
      assertThat(answers.to("1+1=")).isEqualTo(before);
    }
  }

  @Test
  void saysWhichCheckpointsThereAre() throws IOException {
    Path run = run();

    assertThatThrownBy(() -> TrainedPolicy.load(run, OptionalLong.of(7), List.of()))
        .hasMessageContaining("keeps no checkpoint of step [7], only of 0");
    assertThatThrownBy(() -> TrainedPolicy.load(folder, OptionalLong.empty(), List.of()))
        .hasMessageContaining("is neither a run directory nor an exported policy");
  }

  /** A run directory whose learner did nothing yet but save. */
  private Path run() throws IOException {
    Path file = Files.writeString(folder.resolve("tiny.conf"), RECIPE);
    Recipe recipe = new RecipeReader(new Processor("test", false)).read(file, List.of());
    Path run = folder.resolve("run");
    recipe.writeTo(run);
    var specification = recipe.specification();
    var context =
        new PolicyLearner.LearnerContext(
            specification, 1, recipe.files(), TorchRuntime.threads("test"));
    try (PolicyLearner learner = PolicyLearner.fresh(context)) {
      learner.save(new CheckpointStore(run.resolve("checkpoints"), CheckpointHooks.NONE));
    }
    return run;
  }
}
