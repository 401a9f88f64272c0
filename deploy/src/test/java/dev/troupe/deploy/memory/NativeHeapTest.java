package dev.troupe.deploy.memory;

import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;

class NativeHeapTest {
  @Test
  void trimsWhereTheCLibraryCan() {
    assertThatCode(
            () -> {
              try (NativeHeap _ = NativeHeap.keepTrimmed()) {
                NativeHeap.trim().ifPresent(NativeHeap::call);
              }
            })
        .doesNotThrowAnyException();
  }
}
