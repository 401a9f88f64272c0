package dev.troupe.deploy.memory;

import static org.assertj.core.api.Assertions.assertThatCode;

import dev.troupe.model.torch.FreedMemory;
import org.junit.jupiter.api.Test;

class NativeHeapTest {
  @Test
  void trimsWhereTheCLibraryCan() {
    assertThatCode(
            () -> {
              try (NativeHeap _ = NativeHeap.keepTrimmed()) {
                FreedMemory.giveBack();
              }
            })
        .doesNotThrowAnyException();
  }
}
