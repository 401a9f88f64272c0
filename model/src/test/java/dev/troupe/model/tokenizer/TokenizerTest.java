package dev.troupe.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.protocol.run.ModelSpecification;
import dev.troupe.protocol.tensor.IntArray;
import org.junit.jupiter.api.Test;

final class TokenizerTest {
  private final Tokenizer bytes = Tokenizers.of(new ModelSpecification.Tokenizer.Bytes());
  private final Tokenizer digits =
      Tokenizers.of(new ModelSpecification.Tokenizer.Characters("0123456789+-=é😀"));

  @Test
  void bytesComeBackAsTheyWere() {
    String text = "47+85=\n naïve 日本 😀";
    IntArray ids = bytes.encode(text);
    assertThat(bytes.size()).isEqualTo(259);
    assertThat(ids.at(0)).isEqualTo(3 + '4');
    assertThat(bytes.decode(ids)).isEqualTo(text);
    assertThat(bytes.decode(IntArray.of(bytes.begin(), 3 + 'a', bytes.end(), bytes.pad())))
        .isEqualTo("a");
  }

  @Test
  void aStreamHoldsUnfinishedCharactersBack() {
    IntArray ids = bytes.encode("é😀x");
    Tokenizer.TextStream stream = bytes.stream();
    String[] expected = {"", "é", "", "", "", "😀", "x"};
    for (int i = 0; i < ids.size(); i++) {
      assertThat(stream.accept(ids.at(i))).isEqualTo(expected[i]);
    }
    assertThat(stream.finish()).isEmpty();
    assertThat(stream.accept(ids.at(0))).isEmpty();
    assertThat(stream.finish()).isEqualTo("\uFFFD");
  }

  @Test
  void bytesThatAreNoTextBecomeReplacementCharacters() {
    assertThat(bytes.decode(IntArray.of(3 + 0xFF, 3 + 'a', 3 + 0xC3, 3 + 'b')))
        .isEqualTo("\uFFFDa\uFFFDb");
    assertThatThrownBy(() -> bytes.decode(IntArray.of(259)))
        .hasMessageContaining("token id [259] is outside 0 .. 258");
  }

  @Test
  void charactersComeBackAsTheyWere() {
    assertThat(digits.size()).isEqualTo(18);
    assertThat(digits.encode("10+é😀=")).isEqualTo(IntArray.of(4, 3, 13, 16, 17, 15));
    assertThat(digits.decode(IntArray.of(1, 4, 3, 13, 16, 17, 15, 2, 0))).isEqualTo("10+é😀=");
  }

  @Test
  void anUnknownCharacterIsNamed() {
    assertThatThrownBy(() -> digits.encode("1+a="))
        .hasMessage(
            "character [a] (U+0061) at position [2] of [1+a=] is not in the alphabet"
                + " [0123456789+-=é😀]");
    assertThatThrownBy(() -> new CharacterTokenizer("0120"))
        .hasMessageContaining("character [0] (U+0030) is in the alphabet twice");
    assertThatThrownBy(() -> new CharacterTokenizer("")).hasMessageContaining("is empty");
  }
}
