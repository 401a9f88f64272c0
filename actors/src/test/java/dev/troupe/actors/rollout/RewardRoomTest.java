package dev.troupe.actors.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RewardRoomTest {
  private final RewardRoom<String> rooms = new RewardRoom<>();

  private List<String> take(int times) {
    List<String> taken = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      rooms.take(0).ifPresent(taken::add);
    }
    return taken;
  }

  @Test
  void takesThemInTurn() {
    rooms.present(List.of("a", "b", "c"));
    assertThat(take(5)).containsExactly("a", "b", "c", "a", "b");
  }

  @Test
  void leavesOutWhoIsFullAndUsesNoMorePlacesThanItHas() {
    rooms.present(List.of("a", "b"));
    rooms.refused("b", 0);
    assertThat(take(3)).containsExactly("a", "a", "a");
    rooms.refused("a", 0);
    assertThat(take(3)).isEmpty();
    rooms.has("b", 2);
    assertThat(take(3)).containsExactly("b", "b");
  }

  @Test
  void whoWillNotSayThatItHasRoomIsOpenAgainWhenNothingWaits() {
    rooms.present(List.of("full", "has one", "has two"));
    rooms.refused("full", 0);
    rooms.refused("has one", 0);
    rooms.refused("has two", 0);
    rooms.has("has one", 1);
    rooms.has("has two", 2);
    assertThat(take(2)).containsExactly("has one", "has two");
    rooms.left(0);
    assertThat(take(4)).doesNotContain("full").hasSize(4);
  }

  @Test
  void whoWasToldThatMoreWaitsIsNotSentItUnasked() {
    rooms.present(List.of("a"));
    rooms.refused("a", 0);
    rooms.has("a", 1);
    assertThat(take(2)).hasSize(1);
    rooms.left(4);
    rooms.left(0);
    assertThat(take(1)).as("others took what waited").isEmpty();
    rooms.has("a", 4);
    rooms.left(0);
    assertThat(take(9)).hasSize(9);
  }

  @Test
  void triesOneThatHasSaidNothingForLong() {
    rooms.present(List.of("a"));
    rooms.refused("a", 5);
    long later = 5 + RewardRoom.TRIED_AFTER.toNanos();
    rooms.tick(later - 1);
    assertThat(take(1)).isEmpty();
    rooms.tick(later);
    assertThat(take(2)).hasSize(1);
  }

  @Test
  void aReplacementBeginsOpen() {
    rooms.present(List.of("a"));
    rooms.refused("a", 0);
    rooms.present(List.of("a", "b"));
    assertThat(take(2)).containsExactly("b", "b");
  }
}
