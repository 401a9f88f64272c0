package dev.troupe.rollout.verify;

import static dev.troupe.rollout.verify.Samples.TASK;
import static dev.troupe.rollout.verify.Samples.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.run.RewardSpecification;
import dev.troupe.protocol.task.Task;
import dev.troupe.protocol.task.TaskContent;
import dev.troupe.protocol.trajectory.TrajectoryBody.FinishReason;
import dev.troupe.rollout.verify.settings.BadSettingsException;
import dev.troupe.rollout.verify.settings.JsonText;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class VerifiersTest {
  private final Verifier exact = Verifiers.of(named("exact", "1", "{}"));

  @Test
  void exactScoresOneForTheReferenceAnswer() {
    assertThat(exact.verify(TASK, answer("231", FinishReason.END_TOKEN)))
        .isEqualTo(new Outcome.Scored(1));
    assertThat(exact.verify(TASK, answer(" 231\n", FinishReason.STOP_STRING)))
        .isEqualTo(new Outcome.Scored(1));
  }

  @Test
  void exactScoresZeroForAnythingElse() {
    assertThat(exact.verify(TASK, answer("232", FinishReason.END_TOKEN)))
        .isEqualTo(new Outcome.Scored(0));
    assertThat(exact.verify(TASK, answer("2 31", FinishReason.END_TOKEN)))
        .isEqualTo(new Outcome.Scored(0));
    assertThat(exact.verify(TASK, answer("", FinishReason.END_TOKEN)))
        .isEqualTo(new Outcome.Scored(0));
  }

  @Test
  void exactScoresZeroForAnAnswerThatWasCutOff() {
    assertThat(exact.verify(TASK, answer("231", FinishReason.LENGTH)))
        .isEqualTo(new Outcome.Scored(0));
  }

  @Test
  void cannotJudgeWithoutAReference() {
    Task task = new Task(4, "sums", "", new TaskContent.Prompt("47+85=", ""));
    assertThat(exact.verify(task, answer("231", FinishReason.END_TOKEN)))
        .isEqualTo(new Outcome.Invalid("[exact] on task [4]: the task has no reference answer"));
    Task environment = new Task(4, "x", "", new TaskContent.Environment("CartPole-v1", 1, 1, 1));
    assertThat(exact.verify(environment, answer("231", FinishReason.END_TOKEN)))
        .isInstanceOf(Outcome.Invalid.class);
  }

  @Test
  void theHashCoversTheSettingsWithTheirDefaults() {
    String standard = Verifiers.of(named("gsm8k", "1", "{}")).ref().hash();
    String written =
        Verifiers.of(named("gsm8k", "1", "{\"extract\":\"last-number\"}")).ref().hash();
    String other = Verifiers.of(named("gsm8k", "1", "{\"extract\":\"strict\"}")).ref().hash();
    assertThat(written).isEqualTo(standard).hasSize(64);
    assertThat(other).isNotEqualTo(standard);
    assertThat(exact.ref().hash()).isNotEqualTo(standard);
  }

  @Test
  void resolvedSettingsHaveEveryDefaultAndResolveToThemselves() {
    for (VerifierKind<?> kind : Verifiers.kinds()) {
      if (kind.described().stream().anyMatch(setting -> setting.standard().isEmpty())) {
        continue;
      }
      String resolved = Verifiers.resolve(kind.name(), kind.version(), new JsonObject());
      assertThat(
              Verifiers.resolve(
                  kind.name(), kind.version(), JsonText.parse(resolved).getAsJsonObject()))
          .isEqualTo(resolved);
    }
    assertThat(Verifiers.resolve("gsm8k", "1", new JsonObject()))
        .isEqualTo("{\"extract\":\"last-number\"}");
  }

  @Test
  void namesTheNearestVerifierForAnUnknownName() {
    assertThatThrownBy(() -> Verifiers.of(named("exakt", "1", "{}")))
        .isInstanceOf(UnknownVerifierException.class)
        .hasMessageStartingWith("verifier [exakt] doesn't exist, expected one of [")
        .hasMessageEndingWith("]; did you mean [exact]?");
    assertThatThrownBy(() -> Verifiers.of(named("exact", "2", "{}")))
        .hasMessage("verifier [exact] has version [1], got [2]");
  }

  @Test
  void refusesSettingsThatTheVerifierDoesNotHave() {
    assertThatThrownBy(() -> Verifiers.of(named("exact", "1", "{\"strict\":true}")))
        .isInstanceOf(BadSettingsException.class)
        .hasMessage("strict: got [an unknown setting], expected a known one; there are none");
    assertThatThrownBy(() -> Verifiers.of(named("gsm8k", "1", "[]")))
        .isInstanceOf(BadSettingsException.class);
  }

  @Test
  void everyKindSaysWhatItIsAndWhatItsSettingsMean() {
    for (VerifierKind<?> kind : Verifiers.kinds()) {
      assertThat(kind.about()).isNotBlank();
      assertThat(kind.expects()).isNotBlank();
      kind.described()
          .forEach(setting -> assertThat(setting.means()).as(kind.name()).endsWith("."));
    }
  }

  private static RewardSpecification named(String name, String version, String settings) {
    return new RewardSpecification(
        name,
        version,
        settings,
        Duration.ofSeconds(1),
        1,
        1,
        1,
        1,
        RewardSpecification.OnFailedMember.DROP_GROUP,
        1,
        1,
        Duration.ZERO);
  }
}
