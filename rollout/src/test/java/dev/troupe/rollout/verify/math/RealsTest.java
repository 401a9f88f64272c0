package dev.troupe.rollout.verify.math;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

/** Against digits as tables have them. */
class RealsTest {
  private static final BigDecimal NEARLY = new BigDecimal("1e-50");

  @Test
  void computesFiftyDigitsOfElementaryFunctions() {
    assertNear(
        Reals.exp(BigDecimal.ONE), "2.7182818284590452353602874713526624977572470936999595749669");
    assertNear(
        Reals.ln(BigDecimal.valueOf(3)),
        "1.0986122886681096913952452369225257046474905578227494517346");
    assertNear(
        Reals.sinCos(BigDecimal.ONE)[0],
        "0.8414709848078965066525023216302989996225630607983710656727");
    assertNear(
        Reals.sinCos(BigDecimal.ONE)[1],
        "0.5403023058681397174009366074429766037323104206179222276700");
    assertNear(
        Reals.atan(BigDecimal.valueOf(2)),
        "1.1071487177940905030170654601785370400700476454014326466765");
  }

  @Test
  void findsTheZerosOfSineAndCosineToBeZero() {
    assertThat(Reals.sinCos(Reals.PI)[0]).isZero();
    assertThat(Reals.sinCos(Reals.PI.divide(BigDecimal.TWO, Reals.PRECISION))[1]).isZero();
    assertThat(Reals.sinCos(new BigDecimal("1e-60"))[0]).isEqualByComparingTo("1e-60");
  }

  @Test
  void takesPrincipalValues() {
    Complex minusFour = Complex.of(-4);
    assertThat(minusFour.sqrt().re()).isZero();
    assertNear(minusFour.sqrt().im(), "2");
    assertNear(minusFour.ln().im(), Reals.PI.toString());
    Complex cube = Complex.of(-8).power(Complex.ONE.dividedBy(Complex.of(3)));
    assertNear(cube.re(), "1");
    assertThat(cube.im().signum()).isPositive();
  }

  private static void assertNear(BigDecimal value, String expected) {
    assertThat(value.subtract(new BigDecimal(expected)).abs()).isLessThan(NEARLY);
  }
}
