package dev.troupe.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LastMessageTest {
  @Test
  void makesAMessageAgainOnlyForAnotherRecord() {
    List<String> made = new ArrayList<>();
    LastMessage<String, String> last =
        new LastMessage<>(
            record -> {
              made.add(record);
              return "message of " + record;
            });

    assertThat(List.of("a", "a", "b", "a").stream().map(last::of))
        .containsExactly("message of a", "message of a", "message of b", "message of a");
    assertThat(made).containsExactly("a", "b", "a");
  }
}
