package dev.troupe.rollout.task;

import dev.troupe.rollout.random.Philox;

/**
 * One problem of arithmetic.
 *
 * @param operation {@code +} or {@code -}
 * @param left not negative
 * @param right not negative; may be larger than {@code left}, then a difference is negative
 */
record SumsProblem(char operation, long left, long right) {

  /** Which carries or borrows an answer forgets, by the place (0 = ones) that they come from. */
  interface Forgetting {
    Forgetting NOTHING = _ -> false;

    boolean forgotten(int place);

    /** Forgets {@code share} of them, as a pure function of key and example. */
    static Forgetting share(double share, long key, long example) {
      return place -> Philox.uniform(key, example, place) < share;
    }
  }

  /**
   * An answer and how hard it was.
   *
   * @param value signed
   * @param carries that occurred (borrows, for a difference), forgotten ones included
   */
  record Worked(long value, int carries) {}

  /**
   * Works from the ones up. A negative difference is worked as the larger number minus the smaller,
   * and its sign put before.
   */
  Worked work(Forgetting forgetting) {
    boolean sum = operation == '+';
    long upper = Math.max(left, right);
    long lower = Math.min(left, right);
    long value = 0;
    long weight = 1;
    int over = 0;
    int carries = 0;
    for (int place = 0; upper > 0 || over > 0; place++) {
      int digit = (int) (upper % 10) + (sum ? 1 : -1) * ((int) (lower % 10) + over);
      boolean carried = digit < 0 || digit > 9;
      if (carried) {
        digit = Math.floorMod(digit, 10);
        carries++;
      }
      over = carried && !forgetting.forgotten(place) ? 1 : 0;
      value += digit * weight;
      weight *= 10;
      upper /= 10;
      lower /= 10;
    }
    return new Worked(!sum && left < right ? -value : value, carries);
  }

  /** For example {@code 2 digits, 1 carry}. */
  String difficulty() {
    int digits = Long.toString(Math.max(left, right)).length();
    int carries = work(Forgetting.NOTHING).carries();
    String what = operation == '+' ? carries == 1 ? "carry" : "carries" : "borrow";
    String plural = operation == '-' && carries != 1 ? "s" : "";
    return digits + (digits == 1 ? " digit, " : " digits, ") + carries + " " + what + plural;
  }

  /** The same two numbers the other way round for a sum; a difference has no such twin. */
  SumsProblem twin() {
    return operation == '+'
        ? new SumsProblem(operation, /* left= */ right, /* right= */ left)
        : this;
  }
}
