package dev.troupe.rollout.random;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * NumPy's {@code SeedSequence}: turns a seed of any size into as many well-mixed state words as a
 * generator needs, and into independent children.
 *
 * <p>The seed's 32-bit words are hashed into a pool of four words, each of which is mixed with
 * every other; a child appends its number to the entropy of its parent. Source: O'Neill,
 * "Developing a seed_seq alternative" (2015), with the constants of NumPy.
 */
public final class SeedSequence {
  private static final int POOL_WORDS = 4;
  private static final int INIT_POOL = 0x43b0d7e5;
  private static final int STEP_POOL = 0x931e8875;
  private static final int INIT_STATE = 0x8b51f9dd;
  private static final int STEP_STATE = 0x58f38ded;
  private static final int MIX_LEFT = 0xca01f9dd;
  private static final int MIX_RIGHT = 0x4973f715;

  private final int[] seedWords;
  private final List<Integer> path;
  private final int[] pool = new int[POOL_WORDS];
  private int hash = INIT_POOL;
  private int spawned;

  /**
   * @param seed at least 0
   */
  public SeedSequence(long seed) {
    this(BigInteger.valueOf(seed));
  }

  /**
   * @param seed at least 0, of any size
   */
  public SeedSequence(BigInteger seed) {
    this(words(seed), List.of());
  }

  private SeedSequence(int[] seedWords, List<Integer> path) {
    this.seedWords = seedWords;
    this.path = path;
    mix(entropy());
  }

  /** The four words that everything follows from. */
  public int[] pool() {
    return pool.clone();
  }

  /** {@code count} state words of 32 bits. */
  public int[] words(int count) {
    int[] state = new int[count];
    int constant = INIT_STATE;
    for (int i = 0; i < count; i++) {
      int word = pool[i % POOL_WORDS] ^ constant;
      constant *= STEP_STATE;
      word *= constant;
      state[i] = word ^ word >>> 16;
    }
    return state;
  }

  /** {@code count} state words of 64 bits. */
  public long[] longWords(int count) {
    int[] halves = words(2 * count);
    long[] state = new long[count];
    for (int i = 0; i < count; i++) {
      state[i] = (halves[2 * i] & 0xFFFFFFFFL) | (long) halves[2 * i + 1] << 32;
    }
    return state;
  }

  /** The next {@code count} children; asking again gives further ones. */
  public List<SeedSequence> spawn(int count) {
    var children = new ArrayList<SeedSequence>(count);
    for (int i = 0; i < count; i++) {
      var childPath = new ArrayList<Integer>(path);
      childPath.add(spawned++);
      children.add(new SeedSequence(seedWords, List.copyOf(childPath)));
    }
    return children;
  }

  private int[] entropy() {
    if (path.isEmpty()) {
      return seedWords;
    }
    int own = Math.max(POOL_WORDS, seedWords.length);
    int[] all = Arrays.copyOf(seedWords, own + path.size());
    for (int i = 0; i < path.size(); i++) {
      all[own + i] = path.get(i);
    }
    return all;
  }

  private void mix(int[] entropy) {
    for (int i = 0; i < POOL_WORDS; i++) {
      pool[i] = hashed(i < entropy.length ? entropy[i] : 0);
    }
    for (int from = 0; from < POOL_WORDS; from++) {
      for (int to = 0; to < POOL_WORDS; to++) {
        if (from != to) {
          pool[to] = mixed(pool[to], hashed(pool[from]));
        }
      }
    }
    for (int from = POOL_WORDS; from < entropy.length; from++) {
      for (int to = 0; to < POOL_WORDS; to++) {
        pool[to] = mixed(pool[to], hashed(entropy[from]));
      }
    }
  }

  private int hashed(int value) {
    int word = value ^ hash;
    hash *= STEP_POOL;
    word *= hash;
    return word ^ word >>> 16;
  }

  private static int mixed(int left, int right) {
    int word = MIX_LEFT * left - MIX_RIGHT * right;
    return word ^ word >>> 16;
  }

  /** Least significant word first; a seed of 0 is one word. */
  private static int[] words(BigInteger seed) {
    if (seed.signum() < 0) {
      throw new IllegalArgumentException("a seed must be at least 0, got [" + seed + "]");
    }
    int[] words = new int[Math.max(1, (seed.bitLength() + 31) / 32)];
    for (int i = 0; i < words.length; i++) {
      words[i] = seed.shiftRight(32 * i).intValue();
    }
    return words;
  }
}
