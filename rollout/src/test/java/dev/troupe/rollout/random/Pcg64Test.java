package dev.troupe.rollout.random;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.troupe.rollout.Oracle;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Against NumPy's own numbers. */
class Pcg64Test {
  private static final BigInteger WORD = BigInteger.ONE.shiftLeft(64);

  static List<JsonObject> seeds() {
    return Oracle.objects(Oracle.read("pcg64").get("cases"));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void spreadsTheSeedAsNumpyDoes(JsonObject seed) {
    SeedSequence sequence = sequence(seed);
    assertThat(unsigned(sequence.pool())).isEqualTo(integers(seed, "seedsequence_pool"));
    assertThat(unsigned(sequence.words(8))).isEqualTo(integers(seed, "generate_state_u32_8"));
    assertThat(Arrays.stream(sequence.longWords(4)).mapToObj(Long::toUnsignedString).toList())
        .isEqualTo(texts(seed, "generate_state_u64_4"));
    Pcg64.State state = new Pcg64(sequence).state();
    assertThat(text(state.high(), state.low())).isEqualTo(seed.get("pcg64_state").getAsString());
    assertThat(text(state.incrementHigh(), state.incrementLow()))
        .isEqualTo(seed.get("pcg64_inc").getAsString());
    assertThat(
            sequence.spawn(2).stream()
                .map(child -> Long.toUnsignedString(new Pcg64(child).nextLong()))
                .toList())
        .isEqualTo(texts(seed, "spawn_2_first_raw_u64"));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void drawsUniformNumbersToTheLastBit(JsonObject seed) {
    Pcg64 raw = generator(seed);
    assertThat(IntStream.range(0, 16).mapToObj(i -> Long.toUnsignedString(raw.nextLong())).toList())
        .isEqualTo(texts(seed, "raw_u64"));
    Pcg64 doubles = generator(seed);
    assertThat(draws(16, doubles::random)).isEqualTo(numbers(seed, "random_16"));
    Pcg64 floats = generator(seed);
    assertThat(draws(9, floats::randomFloat)).isEqualTo(numbers(seed, "random_float32_9"));
    Pcg64 narrow = generator(seed);
    assertThat(draws(4, () -> narrow.uniform(-0.05, 0.05)))
        .isEqualTo(numbers(seed, "uniform_-0.05_0.05_4"));
    Pcg64 shifted = generator(seed);
    assertThat(draws(4, () -> shifted.uniform(-0.6, -0.4)))
        .isEqualTo(numbers(seed, "uniform_-0.6_-0.4_4"));
    Pcg64 rows = generator(seed);
    for (double[] row : Oracle.matrix(seed.get("uniform_vec_low[-pi,-1]_high[pi,1]_3x2"))) {
      assertThat(rows.uniform(-Math.PI, Math.PI)).isEqualTo(row[0]);
      assertThat(rows.uniform(-1, 1)).isEqualTo(row[1]);
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void drawsWholeNumbersWithTheKeptHalf(JsonObject seed) {
    Pcg64 dice = generator(seed);
    assertThat(LongStream.range(0, 12).map(i -> dice.integers(0, 6)).toArray())
        .isEqualTo(integers(seed, "integers_0_6_12"));
    Pcg64 coin = generator(seed);
    assertThat(LongStream.range(0, 8).map(i -> coin.integers(3, 5)).toArray())
        .isEqualTo(integers(seed, "integers_3_5_scalar_calls_8"));
    Pcg64 wide = generator(seed);
    assertThat(LongStream.range(0, 4).map(i -> wide.integers(-9999, 9999)).toArray())
        .isEqualTo(integers(seed, "integers_-9999_9999_4"));
    Pcg64 wider = generator(seed);
    assertThat(LongStream.range(0, 4).map(i -> wider.integers(0, 1L << 40)).toArray())
        .isEqualTo(integers(seed, "integers_0_2^40_4"));
    Pcg64 thrice = generator(seed);
    for (int i = 0; i < 3; i++) {
      thrice.integers(0, 6);
    }
    JsonObject after = seed.getAsJsonObject("after_3_integers6");
    assertThat(thrice.state().halfKept()).isEqualTo(after.get("has_uint32").getAsInt() == 1);
    assertThat(Integer.toUnsignedLong(thrice.state().half()))
        .isEqualTo(after.get("uinteger").getAsLong());
    assertThat(text(thrice.state().high(), thrice.state().low()))
        .isEqualTo(after.get("state").getAsString());
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void drawsNormalsAndExponentialsToTheLastBit(JsonObject seed) {
    Pcg64 normals = generator(seed);
    assertThat(draws(40, normals::normal)).isEqualTo(numbers(seed, "standard_normal_40"));
    Pcg64 exponentials = generator(seed);
    assertThat(draws(24, exponentials::exponential))
        .isEqualTo(numbers(seed, "standard_exponential_24"));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void ordersAndChoosesAsNumpyDoes(JsonObject seed) {
    assertThat(longs(generator(seed).permutation(10))).isEqualTo(integers(seed, "permutation_10"));
    int[] shuffled = IntStream.range(0, 10).toArray();
    generator(seed).shuffle(shuffled);
    assertThat(longs(shuffled)).isEqualTo(integers(seed, "shuffle_0..9"));
    Pcg64 choices = generator(seed);
    assertThat(LongStream.range(0, 10).map(i -> choices.choice(.1, .2, .3, .25, .15)).toArray())
        .isEqualTo(integers(seed, "choice_5_p[.1,.2,.3,.25,.15]_10"));
    Pcg64 mixed = generator(seed);
    double[] drawn = {
      mixed.integers(0, 6),
      mixed.random(),
      mixed.integers(0, 6),
      mixed.integers(0, 6),
      mixed.normal(),
      mixed.uniform(-1, 1)
    };
    assertThat(drawn)
        .isEqualTo(numbers(seed, "mixed_integers6_random_integers6_integers6_normal_uniform"));
  }

  @Test
  void aMillionNormalsAddUpToNumpysSum() {
    // np.random.default_rng(7).standard_normal(1_000_000) and standard_exponential, summed in
    // order.
    Pcg64 random = new Pcg64(7);
    double sum = 0;
    for (int i = 0; i < 1_000_000; i++) {
      sum += random.normal();
    }
    assertThat(sum).isEqualTo(NORMALS_SUM);
    assertThat(random.state().high()).isEqualTo(NORMALS_STATE);
    double exponentials = 0;
    for (int i = 0; i < 1_000_000; i++) {
      exponentials += random.exponential();
    }
    assertThat(exponentials).isEqualTo(EXPONENTIALS_SUM);
  }

  private static final double NORMALS_SUM = -112.78554893201051;
  private static final long NORMALS_STATE = -1151031907755738729L;
  private static final double EXPONENTIALS_SUM = 998570.106442939;

  @Test
  void goesOnFromAState() {
    Pcg64 random = new Pcg64(5);
    random.nextInt();
    Pcg64 copy = Pcg64.of(random.state());
    assertThat(copy.nextInt()).isEqualTo(random.nextInt());
    assertThat(copy.nextLong()).isEqualTo(random.nextLong());
  }

  private static SeedSequence sequence(JsonObject seed) {
    return new SeedSequence(new BigInteger(seed.get("seed").getAsString()));
  }

  private static Pcg64 generator(JsonObject seed) {
    return new Pcg64(sequence(seed));
  }

  private interface Draw {
    double next();
  }

  private static double[] draws(int count, Draw draw) {
    return IntStream.range(0, count).mapToDouble(i -> draw.next()).toArray();
  }

  private static double[] numbers(JsonObject seed, String key) {
    return Oracle.vector(seed.get(key));
  }

  private static long[] integers(JsonObject seed, String key) {
    return Oracle.integers(seed.get(key));
  }

  private static List<String> texts(JsonObject seed, String key) {
    return seed.getAsJsonArray(key).asList().stream().map(JsonElement::getAsString).toList();
  }

  private static long[] unsigned(int[] words) {
    return Arrays.stream(words).mapToLong(Integer::toUnsignedLong).toArray();
  }

  private static long[] longs(int[] values) {
    return Arrays.stream(values).asLongStream().toArray();
  }

  private static String text(long high, long low) {
    return new BigInteger(Long.toUnsignedString(high))
        .multiply(WORD)
        .add(new BigInteger(Long.toUnsignedString(low)))
        .toString();
  }
}
