package dev.troupe.rollout.verify;

import static dev.troupe.rollout.verify.Samples.TASK;
import static dev.troupe.rollout.verify.Samples.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.run.RewardSpecification;
import dev.troupe.protocol.task.Task;
import dev.troupe.protocol.task.TaskContent;
import dev.troupe.protocol.trajectory.TrajectoryBody.FinishReason;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ExactAnswerVerifierTest {
  private final Verifier verifier = new ExactAnswerVerifier();

  @Test
  void scoresOneForTheReferenceAnswer() {
    assertThat(verifier.verify(TASK, answer("231", FinishReason.END_TOKEN)))
        .isEqualTo(new Outcome.Scored(1));
    assertThat(verifier.verify(TASK, answer(" 231\n", FinishReason.STOP_STRING)))
        .isEqualTo(new Outcome.Scored(1));
  }

  @Test
  void scoresZeroForAnythingElse() {
    assertThat(verifier.verify(TASK, answer("232", FinishReason.END_TOKEN)))
        .isEqualTo(new Outcome.Scored(0));
    assertThat(verifier.verify(TASK, answer("2 31", FinishReason.END_TOKEN)))
        .isEqualTo(new Outcome.Scored(0));
    assertThat(verifier.verify(TASK, answer("", FinishReason.END_TOKEN)))
        .isEqualTo(new Outcome.Scored(0));
  }

  @Test
  void scoresZeroForAnAnswerThatWasCutOff() {
    assertThat(verifier.verify(TASK, answer("231", FinishReason.LENGTH)))
        .isEqualTo(new Outcome.Scored(0));
  }

  @Test
  void cannotJudgeWithoutAReference() {
    Task task = new Task(4, "sums", "", new TaskContent.Prompt("47+85=", ""));
    assertThat(verifier.verify(task, answer("231", FinishReason.END_TOKEN)))
        .isEqualTo(new Outcome.Invalid("task [4] has no reference answer"));
    Task environment = new Task(4, "x", "", new TaskContent.Environment("CartPole-v1", 1, 1, 1));
    assertThat(verifier.verify(environment, answer("231", FinishReason.END_TOKEN)))
        .isInstanceOf(Outcome.Invalid.class);
  }

  @Test
  void isFoundByNameAndVersion() {
    RewardSpecification exact = Samples.specification(1, 1, Duration.ZERO);
    assertThat(Verifiers.of(exact).ref()).isEqualTo(verifier.ref());
    assertThat(verifier.ref().hash()).hasSize(64);
  }

  @Test
  void namesTheNearestVerifierForAnUnknownName() {
    assertThatThrownBy(() -> Verifiers.of(named("exakt", "1")))
        .isInstanceOf(UnknownVerifierException.class)
        .hasMessage(
            "verifier [exakt] doesn't exist, expected one of [exact]; did you mean [exact]?");
    assertThatThrownBy(() -> Verifiers.of(named("exact", "2")))
        .hasMessage("verifier [exact] has version [1], got [2]");
  }

  @Test
  void measuresDistancesOfNames() {
    assertThat(Verifiers.distance("kitten", "sitting")).isEqualTo(3);
    assertThat(Verifiers.distance("", "abc")).isEqualTo(3);
    assertThat(Verifiers.distance("exact", "exact")).isZero();
  }

  private static RewardSpecification named(String name, String version) {
    return new RewardSpecification(
        name,
        version,
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
