package dev.troupe.deploy.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.protobuf.ByteString;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.outcome.PluginPayload;
import dev.troupe.protocol.task.Task;
import dev.troupe.protocol.task.TaskContent;
import dev.troupe.protocol.tensor.IntArray;
import dev.troupe.rollout.verify.Verifiers;
import dev.troupe.rollout.verify.WrittenAnswer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SamplesTest {
  @Test
  void anOutcomeIsShownWithItsDetail() {
    Task task =
        new Task(
            1,
            "test",
            "",
            new TaskContent.Prompt(
                "Say no.",
                "{\"instruction_id_list\":[\"punctuation:no_comma\",\"startend:quotation\"],"
                    + "\"kwargs\":[{},{}]}"));
    Outcome outcome =
        Verifiers.of("ifeval", "1", new JsonObject())
            .verify(task, WrittenAnswer.of(1, "Say no.", "no", IntArray.of(1)));

    assertThat(Samples.words(outcome)).isEqualTo("0: ✓ punctuation:no_comma, ✗ startend:quotation");
  }

  @Test
  void aDetailOfAPluginThatIsNotHereIsLeftOut() {
    var detail = new PluginPayload("elsewhere", "7", ByteString.copyFromUtf8("x"));
    assertThat(Samples.words(new Outcome.Scored(0.25, List.of(), Optional.of(detail))))
        .isEqualTo("0.250");
    assertThat(Samples.words(new Outcome.Invalid("why"))).isEqualTo("invalid: why");
  }

  @Test
  void aDamagedDetailIsSaidToBeOne() {
    var detail = new PluginPayload("ifeval", "1", ByteString.copyFromUtf8("x"));
    assertThat(Samples.words(new Outcome.Scored(1, List.of(), Optional.of(detail))))
        .startsWith("1: ")
        .contains("ifeval");
  }
}
