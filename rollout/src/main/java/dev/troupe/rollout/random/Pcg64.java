package dev.troupe.rollout.random;

/**
 * NumPy's {@code Generator(PCG64(seed))}, draw for draw: the random numbers of environments, so
 * that an episode is the one that Gymnasium would have played.
 *
 * <pre>
 * s ← s·M + inc  (mod 2¹²⁸),   output = rotr₆₄(hi(s) ⊕ lo(s), s ≫ 122)
 * </pre>
 *
 * Source: O'Neill, "PCG: A family of simple fast space-efficient statistically good algorithms for
 * random number generation" (2014), variant XSL-RR 128/64. A 32-bit draw takes the low half of a
 * 64-bit one and keeps the high half for the next 32-bit draw, however many other draws lie
 * between. One thread at a time.
 */
public final class Pcg64 {
  private static final long MULTIPLIER_HIGH = 0x2360ED051FC65DA4L;
  private static final long MULTIPLIER_LOW = 0x4385DF649FCCF645L;
  private static final long LOW_HALF = 0xFFFFFFFFL;

  private long high;
  private long low;
  private long incrementHigh;
  private long incrementLow;
  private boolean halfKept;
  private int half;

  /**
   * All that a generator is.
   *
   * @param high of the 128-bit state
   * @param low of the 128-bit state
   * @param incrementHigh of the stream's increment
   * @param incrementLow of the stream's increment
   * @param halfKept whether {@code half} is the next 32-bit draw
   * @param half the kept half
   */
  public record State(
      long high, long low, long incrementHigh, long incrementLow, boolean halfKept, int half) {}

  /**
   * @param seed at least 0
   */
  public Pcg64(long seed) {
    this(new SeedSequence(seed));
  }

  public Pcg64(SeedSequence seed) {
    seed(seed);
  }

  private Pcg64() {}

  /** A generator that goes on where the one whose state this was would have. */
  public static Pcg64 of(State state) {
    var generator = new Pcg64();
    generator.restore(state);
    return generator;
  }

  /** Begins the stream of {@code seed}. */
  public void seed(SeedSequence seed) {
    long[] words = seed.longWords(4);
    incrementHigh = words[2] << 1 | words[3] >>> 63;
    incrementLow = words[3] << 1 | 1;
    high = incrementHigh;
    low = incrementLow;
    long sum = low + words[1];
    high += words[0] + (Long.compareUnsigned(sum, low) < 0 ? 1 : 0);
    low = sum;
    advance();
    halfKept = false;
    half = 0;
  }

  public State state() {
    return new State(high, low, incrementHigh, incrementLow, halfKept, half);
  }

  public void restore(State state) {
    high = state.high();
    low = state.low();
    incrementHigh = state.incrementHigh();
    incrementLow = state.incrementLow();
    halfKept = state.halfKept();
    half = state.half();
  }

  /** 64 random bits. */
  public long nextLong() {
    advance();
    return Long.rotateRight(high ^ low, (int) (high >>> 58));
  }

  /** 32 random bits. */
  public int nextInt() {
    if (halfKept) {
      halfKept = false;
      return half;
    }
    long bits = nextLong();
    halfKept = true;
    half = (int) (bits >>> 32);
    return (int) bits;
  }

  /** Uniform in [0, 1), 53 bits. */
  public double random() {
    return (nextLong() >>> 11) * 0x1p-53;
  }

  /** Uniform in [0, 1), 24 bits. */
  public float randomFloat() {
    return (nextInt() >>> 8) * 0x1p-24f;
  }

  /** Uniform in [low, high). */
  public double uniform(double low, double high) {
    return low + (high - low) * random();
  }

  /**
   * A whole number in [low, high): NumPy's {@code integers(low, high)}.
   *
   * @throws IllegalArgumentException unless low is below high
   */
  public long integers(long low, long high) {
    if (low >= high) {
      throw new IllegalArgumentException(
          "integers needs low below high, got [" + low + "] and [" + high + "]");
    }
    long range = high - 1 - low;
    if (range == 0) {
      return low;
    }
    if (range > 0 && range <= LOW_HALF) {
      return low + (range == LOW_HALF ? nextInt() & LOW_HALF : bounded32(range));
    }
    return low + (range == -1 ? nextLong() : bounded64(range));
  }

  /** A whole number in [0, bound). */
  public int integer(int bound) {
    return (int) integers(0, bound);
  }

  /** Standard normal. */
  public double normal() {
    return Ziggurat.normal(this);
  }

  /** Exponential of mean 1. */
  public double exponential() {
    return Ziggurat.exponential(this);
  }

  /** Puts the elements into random order. */
  public void shuffle(int[] elements) {
    for (int i = elements.length - 1; i >= 1; i--) {
      int j = interval(i);
      int swapped = elements[i];
      elements[i] = elements[j];
      elements[j] = swapped;
    }
  }

  /** 0 to {@code count} - 1 in random order. */
  public int[] permutation(int count) {
    int[] elements = new int[count];
    for (int i = 0; i < count; i++) {
      elements[i] = i;
    }
    shuffle(elements);
    return elements;
  }

  /** An index, by its probability: NumPy's {@code choice(n, p=probabilities)}. */
  public int choice(double... probabilities) {
    double sum = 0;
    for (double probability : probabilities) {
      sum += probability;
    }
    double uniform = random();
    double cumulative = 0;
    for (int i = 0; i < probabilities.length; i++) {
      cumulative += probabilities[i];
      if (cumulative / sum > uniform) {
        return i;
      }
    }
    return probabilities.length - 1;
  }

  /** In [0, most], by throwing away what lies beyond: the way in which NumPy shuffles. */
  private int interval(int most) {
    int mask = -1 >>> Integer.numberOfLeadingZeros(most);
    int value = nextInt() & mask;
    while (value > most) {
      value = nextInt() & mask;
    }
    return value;
  }

  /** Lemire's rejection in 32 bits, range + 1 values, range below 2³² - 1. */
  private long bounded32(long range) {
    long count = range + 1;
    long product = (nextInt() & LOW_HALF) * count;
    if ((product & LOW_HALF) < count) {
      long threshold = (LOW_HALF - range) % count;
      while ((product & LOW_HALF) < threshold) {
        product = (nextInt() & LOW_HALF) * count;
      }
    }
    return product >>> 32;
  }

  /** The same in 64 bits. */
  private long bounded64(long range) {
    long count = range + 1;
    long bits = nextLong();
    long leftover = bits * count;
    if (Long.compareUnsigned(leftover, count) < 0) {
      long threshold = Long.remainderUnsigned(-1 - range, count);
      while (Long.compareUnsigned(leftover, threshold) < 0) {
        bits = nextLong();
        leftover = bits * count;
      }
    }
    return Math.unsignedMultiplyHigh(bits, count);
  }

  private void advance() {
    long productHigh =
        Math.unsignedMultiplyHigh(low, MULTIPLIER_LOW)
            + high * MULTIPLIER_LOW
            + low * MULTIPLIER_HIGH;
    long productLow = low * MULTIPLIER_LOW;
    long sum = productLow + incrementLow;
    high = productHigh + incrementHigh + (Long.compareUnsigned(sum, productLow) < 0 ? 1 : 0);
    low = sum;
  }
}
