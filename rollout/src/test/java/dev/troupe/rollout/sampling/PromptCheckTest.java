package dev.troupe.rollout.sampling;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.model.tokenizer.CharacterTokenizer;
import dev.troupe.model.tokenizer.Tokenizer;
import dev.troupe.protocol.run.TaskSpecification;
import dev.troupe.rollout.task.TaskSource;
import dev.troupe.rollout.task.TaskSources;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class PromptCheckTest {
  private static final TaskSource SUMS =
      TaskSources.of(
          new TaskSpecification.Sums(2, List.of("+", "-"), true, false, 10), 1, Path::of);

  private static void check(String alphabet, int newTokensMax, int positions) {
    Tokenizer tokenizer = new CharacterTokenizer(alphabet);
    PromptCheck.check(SUMS, tokenizer, SamplerFixture.specification(newTokensMax, 1, 1), positions);
  }

  @Test
  void acceptsTasksThatFit() {
    assertThatCode(() -> check("0123456789+-=", 5, 12)).doesNotThrowAnyException();
  }

  @Test
  void namesATaskWhoseAnswerHasNoRoom() {
    assertThatThrownBy(() -> check("0123456789+-=", 6, 12))
        .hasMessageContaining(
            "of [sums] can't be sampled: a prompt of [7] tokens and up to [6] new ones don't fit"
                + " into the model's [12] positions");
  }

  @Test
  void namesATaskWithACharacterThatTheTokenizerLacks() {
    assertThatThrownBy(() -> check("0123456789+=", 5, 12))
        .hasMessageContaining("of [sums] can't be sampled: character [-] (U+002D)");
  }
}
