package dev.troupe.actors.rollout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which reward actor may be sent how many trajectories.
 *
 * <pre>
 *   open ──it refused some──▶ full ──it has room──▶ so many places ──used, more wait──▶ full
 *    ▲                                                     │
 *    └───────────────── nothing waits any more ────────────┘
 * </pre>
 *
 * <p>Who is full is sent nothing before it says that it has room, which it does for whoever has
 * more for it. Should its word be lost, it is tried with one trajectory now and then.
 *
 * @param <R> reward actors
 */
final class RewardRoom<R> {
  /** Without a word for so long, a full one is tried. */
  static final Duration TRIED_AFTER = Duration.ofSeconds(2);

  private static final int OPEN = Integer.MAX_VALUE;

  private final class Seats {
    private final R reward;
    private int places = OPEN;

    /** It knows that more waits here, and will say when it has room. */
    private boolean knows;

    private long fullSinceNanos;

    private Seats(R reward) {
      this.reward = reward;
    }
  }

  private List<Seats> all = List.of();
  private int turn;

  /** The reward actors that there are now. */
  void present(List<R> rewards) {
    List<Seats> present = new ArrayList<>();
    for (R reward : rewards) {
      present.add(find(reward).orElseGet(() -> new Seats(reward)));
    }
    all = List.copyOf(present);
  }

  /** The next one that has a place, in turn; the place is taken. */
  Optional<R> take(long nowNanos) {
    for (int i = 0; i < all.size(); i++) {
      Seats seats = all.get(Math.floorMod(turn++, all.size()));
      if (seats.places == OPEN) {
        return Optional.of(seats.reward);
      }
      if (seats.places > 0) {
        seats.places--;
        seats.fullSinceNanos = nowNanos;
        return Optional.of(seats.reward);
      }
    }
    return Optional.empty();
  }

  /**
   * So many still wait when all places are taken; who was sent something is told so with it. When
   * none does, whoever will not say that it has room may be sent what comes next, all of it.
   */
  void left(int waiting) {
    for (Seats seats : all) {
      if (waiting > 0) {
        seats.knows |= seats.places == 0;
      } else if (!seats.knows) {
        seats.places = OPEN;
      }
    }
  }

  /** {@code reward} refused some. */
  void refused(R reward, long nowNanos) {
    find(reward)
        .ifPresent(
            seats -> {
              seats.places = 0;
              seats.knows = true;
              seats.fullSinceNanos = nowNanos;
            });
  }

  /** {@code reward} has room for {@code places}. */
  void has(R reward, int places) {
    find(reward)
        .filter(seats -> seats.places != OPEN)
        .ifPresent(
            seats -> {
              seats.places = places;
              seats.knows = false;
            });
  }

  /** Gives a place to those that have said nothing for long. */
  void tick(long nowNanos) {
    for (Seats seats : all) {
      if (seats.places == 0 && nowNanos - seats.fullSinceNanos >= TRIED_AFTER.toNanos()) {
        seats.places = 1;
        seats.knows = false;
        seats.fullSinceNanos = nowNanos;
      }
    }
  }

  private Optional<Seats> find(R reward) {
    return all.stream().filter(seats -> seats.reward.equals(reward)).findFirst();
  }
}
