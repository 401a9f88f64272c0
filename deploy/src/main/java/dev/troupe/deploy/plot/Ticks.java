package dev.troupe.deploy.plot;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;

/** Round numbers along an axis. */
record Ticks(List<Double> places) {
  private static final double[] STEPS = {1, 2, 2.5, 5, 10};

  Ticks {
    places = List.copyOf(places);
  }

  /** About {@code wanted} multiples of a round step between {@code from} and {@code to}. */
  static Ticks between(double from, double to, int wanted) {
    double step = step((to - from) / wanted);
    List<Double> places = new ArrayList<>();
    for (long i = (long) Math.ceil(from / step - 1e-9); i * step <= to + step * 1e-9; i++) {
      places.add(i * step);
    }
    return new Ticks(places);
  }

  private static double step(double least) {
    double magnitude = Math.pow(10, Math.floor(Math.log10(least)));
    for (double step : STEPS) {
      if (step * magnitude >= least * (1 - 1e-9)) {
        return step * magnitude;
      }
    }
    return 10 * magnitude;
  }

  /** As people write it: 0.25, 500, 20k, 1.5M. */
  static String text(double number) {
    double size = Math.abs(number);
    if (size >= 1e6 && size < 1e12) {
      return plain(number / 1e6) + "M";
    }
    if (size >= 10_000 && size < 1e6) {
      return plain(number / 1e3) + "k";
    }
    boolean extreme = size != 0 && (size < 1e-4 || size >= 1e12);
    return extreme ? rounded(number).toString() : plain(number);
  }

  private static String plain(double number) {
    return rounded(number).toPlainString();
  }

  private static BigDecimal rounded(double number) {
    BigDecimal rounded = new BigDecimal(number).round(new MathContext(5)).stripTrailingZeros();
    return rounded.signum() == 0 ? BigDecimal.ZERO : rounded;
  }
}
