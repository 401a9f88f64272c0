package dev.troupe.deploy.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.protocol.run.ControlRun;
import dev.troupe.protocol.run.ControlSpecification;
import dev.troupe.protocol.run.EnvironmentSpecification;
import dev.troupe.protocol.run.ReplaySpecification;
import dev.troupe.protocol.run.RunSpecification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ControlRecipeTest {
  private static final String PENDULUM =
      """
      environment { id = Pendulum-v1, count = 4, steps = 8, fragments = 2, step-limit = 3 s }
      environment.options { time-limit = 100, rescale-action = true }
      environment { failure-budget = 7, failure-budget-share = 0.5 }
      policy { hidden = [32, 16], recurrence = gru, recurrent-width = 24 }
      algorithm { name = ppo, gamma = 0.9, gae-lambda = 0.8, epochs = 3, learning-rate = 1e-3 }
      evaluation.episodes = 12
      stop { steps = 1000, mean-return = -200 }
      """;

  @TempDir Path folder = Path.of("");

  private final RecipeReader reader = new RecipeReader(new Processor("test", false));

  @Test
  void bindsARunInEnvironments() throws IOException {
    RunSpecification run = read(PENDULUM).specification();
    ControlRun control = run.control().orElseThrow();

    assertThat(control.environment())
        .isEqualTo(
            new EnvironmentSpecification(
                "Pendulum-v1",
                Map.of("time-limit", "100", "rescale-action", "true"),
                4,
                8,
                EnvironmentSpecification.Autoreset.SAME_STEP,
                Duration.ofSeconds(3)));
    assertThat(control.control().layers())
        .isEqualTo(
            new ControlSpecification.Layers(
                List.of(32, 16), ControlSpecification.Recurrence.GRU, 24));
    assertThat(control.control().returns())
        .isEqualTo(
            new ControlSpecification.Returns(
                0.9, 0.8, ControlSpecification.Bootstrap.TERMINATED_ONLY));
    assertThat(control.control().epochs()).isEqualTo(3);
    assertThat(run.replay().groups()).isEqualTo(2);
    assertThat(run.replay().groupSize()).isEqualTo(1);
    assertThat(run.replay().policyLagMax()).isZero();
    assertThat(run.replay().journalRetain())
        .isEqualTo(ReplaySpecification.JournalRetain.SINCE_OLDEST_CHECKPOINT);
    assertThat(run.reward().failureBudget()).isEqualTo(7);
    assertThat(run.evaluation().tasksMax()).isEqualTo(12);
    // 1,000 steps are begun in 16 updates of 64.
    assertThat(run.stop().updates()).isEqualTo(16);
    assertThat(run.stop().meanReturn()).isEqualTo(OptionalDouble.of(-200));
  }

  @Test
  void theResolvedRecipeShowsItsOwnKeysOnlyAndReadsBackAsTheSameRun() throws IOException {
    Recipe recipe = read(PENDULUM);
    Path run = folder.resolve("run");

    recipe.writeTo(run);
    Recipe again = reader.readRun(run, List.of());

    assertThat(again.specification()).isEqualTo(recipe.specification());
    assertThat(recipe.text()).contains("gae-lambda = 0.8").doesNotContain("temperature");
    assertThat(recipe.entries())
        .extracting(Recipe.Entry::key)
        .contains("environment.options", "stop.mean-return")
        .doesNotContain("model.hidden", "replay.group-size");
  }

  @Test
  void aRunWithALanguageModelShowsNothingOfEnvironments() throws IOException {
    assertThat(read("").entries())
        .extracting(Recipe.Entry::key)
        .contains("model.hidden")
        .doesNotContain(
            "environment.id", "environment.count", "algorithm.gamma", "stop.mean-return");
  }

  @Test
  void refusesWhatCannotBeMeant() {
    refuses("environment.id = CartPole-v2", "environment.id", "did you mean [CartPole-v0]");
    refuses(
        "environment { id = CartPole-v1, options { time-limitt = 5 } }",
        "environment.options",
        "did you mean [time-limit]");
    refuses("environment.id = FrozenLake-v1", "environment.options", "one-hot = true");
    refuses(
        "environment.id = Pendulum-v1, policy.distribution = categorical",
        "policy.distribution",
        "normal (or fitting)");
    refuses(
        "environment.id = CartPole-v1, model.hidden = 64",
        "model.hidden",
        "a run in environments doesn't use it");
    refuses("algorithm.gamma = 0.9", "algorithm.gamma", "a run with a language model");
    refuses(
        "environment.id = CartPole-v1, adjustment.method = props, algorithm.name = vtrace",
        "adjustment.method",
        "corrects against the behaviour policy");
    refuses(
        "environment.id = CartPole-v1, adjustment.method = props, replay.max-policy-lag = 2",
        "replay.max-policy-lag",
        "adjusted to what was collected");
    refuses(
        "environment.id = CartPole-v1, policy.recurrent-width = 8",
        "policy.recurrent-width",
        "policy.recurrence is none");
    refuses("environment.id = CartPole-v1", "stop.steps", "no other condition");
    refuses(
        "environment { id = CartPole-v1, count = 2, steps = 2 }, algorithm.minibatches = 8",
        "algorithm.minibatches",
        "at most the [4] steps");
  }

  private void refuses(String text, String key, String words) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining(key + ": got")
        .hasMessageContaining(words);
  }

  private Recipe read(String text) throws IOException {
    return reader.read(Files.writeString(folder.resolve("test.conf"), text), List.of());
  }
}
