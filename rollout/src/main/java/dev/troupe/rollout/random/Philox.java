package dev.troupe.rollout.random;

/**
 * Philox4x32-10: random bits as a pure function of a 64-bit key and a 128-bit counter.
 *
 * <pre>
 * (c₀,c₁,c₂,c₃) ← (hi(M₁·c₂) ⊕ c₁ ⊕ k₀,  lo(M₁·c₂),  hi(M₀·c₀) ⊕ c₃ ⊕ k₁,  lo(M₀·c₀)),  ten times,
 * (k₀,k₁) ← (k₀+W₀, k₁+W₁) between rounds
 * </pre>
 *
 * Source: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3" (2011). Of
 * the four words of a block the first two are returned, the second as the high half.
 */
public final class Philox {
  private static final long M0 = 0xD2511F53L;
  private static final long M1 = 0xCD9E8D57L;
  private static final int W0 = 0x9E3779B9;
  private static final int W1 = 0xBB67AE85;
  private static final long LOW = 0xFFFFFFFFL;
  private static final int ROUNDS = 10;
  private static final double STEP = 0x1p-53;

  private Philox() {}

  /**
   * 64 random bits.
   *
   * @param key which stream
   * @param high counter words 2 and 3
   * @param low counter words 0 and 1
   */
  public static long bits(long key, long high, long low) {
    int k0 = (int) key;
    int k1 = (int) (key >>> 32);
    int c0 = (int) low;
    int c1 = (int) (low >>> 32);
    int c2 = (int) high;
    int c3 = (int) (high >>> 32);
    for (int round = 0; round < ROUNDS; round++) {
      long p0 = M0 * (c0 & LOW);
      long p1 = M1 * (c2 & LOW);
      c0 = (int) (p1 >>> 32) ^ c1 ^ k0;
      c1 = (int) p1;
      c2 = (int) (p0 >>> 32) ^ c3 ^ k1;
      c3 = (int) p0;
      k0 += W0;
      k1 += W1;
    }
    return (c1 & LOW) << 32 | (c0 & LOW);
  }

  /** Uniform in [0, 1), all 53 bits of a double used. */
  public static double uniform(long key, long high, long low) {
    return (bits(key, high, low) >>> 11) * STEP;
  }

  /** The key of a stream of its own, derived from {@code seed} and the stream's name. */
  public static long key(long seed, String stream) {
    long key = seed;
    for (int i = 0; i < stream.length(); i++) {
      key = bits(key, i, stream.charAt(i));
    }
    return key;
  }
}
