package dev.troupe.rollout.environment.classic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.rollout.random.Pcg64;
import java.math.BigDecimal;
import java.math.MathContext;
import org.junit.jupiter.api.Test;

class TrigonometryTest {
  private static final MathContext DIGITS = new MathContext(70);
  private final Trigonometry trigonometry = new Trigonometry();

  @Test
  void roundsAsSeventyDigitsDo() {
    Pcg64 random = new Pcg64(4);
    int libraryDiffers = 0;
    for (int i = 0; i < 3_000; i++) {
      double range = i % 3 == 0 ? 0.3 : i % 3 == 1 ? 4 : 100;
      double x = random.uniform(-range, range);
      double sine = series(x, 1);
      double cosine = series(x, 0);
      assertThat(trigonometry.sin(x)).as("sin(%s)", x).isEqualTo(sine);
      assertThat(trigonometry.cos(x)).as("cos(%s)", x).isEqualTo(cosine);
      libraryDiffers += StrictMath.sin(x) == sine && StrictMath.cos(x) == cosine ? 0 : 1;
    }
    assertThat(libraryDiffers).as("what is imitated isn't the library").isGreaterThan(100);
  }

  @Test
  void roundsNearTheMultiplesOfAQuarterTurn() {
    for (int quarter = -40; quarter <= 40; quarter++) {
      for (double x = quarter * (Math.PI / 2), i = 0; i < 5; i++, x = Math.nextUp(x)) {
        assertThat(trigonometry.sin(x)).as("sin(%s)", x).isEqualTo(series(x, 1));
        assertThat(trigonometry.cos(x)).as("cos(%s)", x).isEqualTo(series(x, 0));
      }
    }
  }

  @Test
  void keepsZerosAndWhatIsNoNumber() {
    assertThat(trigonometry.sin(-0.0)).isEqualTo(-0.0);
    assertThat(trigonometry.cos(0)).isEqualTo(1);
    assertThat(trigonometry.sin(Double.NaN)).isNaN();
    assertThat(trigonometry.cos(Double.POSITIVE_INFINITY)).isNaN();
    assertThat(trigonometry.sin(1e300)).isEqualTo(StrictMath.sin(1e300));
  }

  /** Taylor's series of x as it is, with digits to spare: terms up to 100¹⁰⁰/100! cancel. */
  private static double series(double x, int first) {
    MathContext digits = new MathContext(DIGITS.getPrecision() + (int) Math.abs(x));
    BigDecimal exact = new BigDecimal(x);
    BigDecimal square = exact.multiply(exact, digits);
    BigDecimal term = first == 1 ? exact : BigDecimal.ONE;
    BigDecimal sum = term;
    for (int n = first + 2; n < 60 + 6 * Math.abs(x); n += 2) {
      term =
          term.multiply(square, digits)
              .divide(BigDecimal.valueOf((long) n * (n - 1)), digits)
              .negate();
      sum = sum.add(term, digits);
    }
    return sum.doubleValue();
  }
}
