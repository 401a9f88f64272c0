package dev.troupe.rollout.verify.math;

import static dev.troupe.rollout.verify.math.Reals.PRECISION;

import dev.troupe.rollout.verify.math.Term.Call;
import dev.troupe.rollout.verify.math.Term.Constant;
import dev.troupe.rollout.verify.math.Term.Exact;
import dev.troupe.rollout.verify.math.Term.Power;
import dev.troupe.rollout.verify.math.Term.Scalar;
import dev.troupe.rollout.verify.math.Term.Series;
import dev.troupe.rollout.verify.math.Term.Symbol;
import dev.troupe.rollout.verify.math.Term.Unknown;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BinaryOperator;

/**
 * The value of a tree where its symbols have values. What has none (1/0, ln 0, the factorial of a
 * half) is an {@link ArithmeticException}.
 */
final class Evaluator {
  private static final int POWER_MAX = 4_000;
  private static final int FACTORIAL_MAX = 2_000;
  private static final int TERMS_MAX = 2_000;
  private static final BigDecimal NEARLY = new BigDecimal("1e-45");

  private final Map<Symbol, Complex> values;
  private final Work work;

  Evaluator(Map<Symbol, Complex> values, Work work) {
    this.values = new HashMap<>(values);
    this.work = work;
  }

  Complex value(Scalar scalar) {
    work.step();
    return switch (scalar) {
      case Exact(var value) -> Complex.real(value.toDecimal(PRECISION));
      case Term.Decimal(var value) -> Complex.real(value.toDecimal(PRECISION));
      case Term.Percent(var number) -> value(number).dividedBy(Complex.of(100));
      case Symbol symbol -> symbol(symbol);
      case Constant constant -> constant(constant);
      case Term.Sum(var terms) -> folded(terms, Complex.ZERO, Complex::plus);
      case Term.Product(var factors) -> folded(factors, Complex.ONE, Complex::times);
      case Power(var base, var exponent) -> power(base, exponent);
      case Call call -> call(call);
      case Unknown unknown -> unknown(unknown);
      case Series series -> series(series);
    };
  }

  private Complex folded(List<Scalar> parts, Complex start, BinaryOperator<Complex> operator) {
    Complex result = start;
    for (Scalar part : parts) {
      result = operator.apply(result, value(part));
    }
    return result;
  }

  private Complex symbol(Symbol symbol) {
    Complex value = values.get(symbol);
    if (value == null) {
      throw new ArithmeticException("[" + symbol.name() + "] has no value");
    }
    return value;
  }

  private static Complex constant(Constant constant) {
    return switch (constant) {
      case PI -> Complex.real(Reals.PI);
      case E -> Complex.real(Reals.E);
      case IMAGINARY_UNIT -> Complex.I;
      case EULER_GAMMA -> Complex.real(Reals.EULER_GAMMA);
      case INFINITY, UNDEFINED -> throw new ArithmeticException("not a number");
    };
  }

  private Complex power(Scalar base, Scalar exponent) {
    work.steps(10);
    if (exponent instanceof Exact(var value)) {
      if (value.isInt() && Math.abs(value.toInt()) <= POWER_MAX) {
        return value(base).power(value.toInt());
      }
      if (value.denominator().equals(BigInteger.TWO)
          && value.numerator().bitLength() <= Integer.SIZE - 22) {
        return value(base).sqrt().power(value.numerator().intValueExact());
      }
    }
    Complex raised = value(exponent);
    if (base == Constant.E) {
      return raised.exp();
    }
    if (raised.isReal()
        && raised.re().abs().compareTo(BigDecimal.valueOf(POWER_MAX)) <= 0
        && isWhole(raised.re())) {
      return value(base).power(raised.re().intValue());
    }
    return value(base).power(raised);
  }

  private Complex call(Call call) {
    work.steps(40);
    Complex x = value(call.first());
    return switch (call.function()) {
      case SIN -> x.sin();
      case COS -> x.cos();
      case TAN -> x.sin().dividedBy(x.cos());
      case CSC -> Complex.ONE.dividedBy(x.sin());
      case SEC -> Complex.ONE.dividedBy(x.cos());
      case COT -> x.cos().dividedBy(x.sin());
      case ASIN -> x.asin();
      case ACOS -> x.acos();
      case ATAN -> x.atan();
      case ACSC -> Complex.ONE.dividedBy(x).asin();
      case ASEC -> Complex.ONE.dividedBy(x).acos();
      case ACOT ->
          x.isZero()
              ? Complex.real(Reals.PI.divide(BigDecimal.valueOf(2), PRECISION))
              : Complex.ONE.dividedBy(x).atan();
      case SINH -> x.sinh();
      case COSH -> x.cosh();
      case TANH -> x.sinh().dividedBy(x.cosh());
      case ASINH -> x.asinh();
      case ACOSH -> x.acosh();
      case ATANH -> x.atanh();
      case LN -> x.ln();
      case EXP -> x.exp();
      case ABS -> Complex.real(x.size());
      case FLOOR -> Complex.real(floor(real(x)));
      case CEILING -> Complex.real(floor(real(x).negate()).negate());
      case FACTORIAL -> factorial(x);
      case GAMMA -> factorial(x.minus(Complex.ONE));
      case BINOMIAL -> binomial(x, value(call.arguments().getLast()));
      case MOD -> {
        Complex modulus = value(call.arguments().getLast());
        Complex times = Complex.real(floor(real(x.dividedBy(modulus))));
        yield x.minus(times.times(modulus));
      }
      case GCD, LCM, MAX, MIN -> several(call);
    };
  }

  private Complex several(Call call) {
    BigDecimal result = real(value(call.first()));
    for (Scalar argument : call.arguments().subList(1, call.arguments().size())) {
      BigDecimal next = real(value(argument));
      result =
          switch (call.function()) {
            case MAX -> result.max(next);
            case MIN -> result.min(next);
            case GCD -> new BigDecimal(whole(result).gcd(whole(next)));
            default -> {
              BigInteger divisor = whole(result).gcd(whole(next)).max(BigInteger.ONE);
              yield new BigDecimal(whole(result).divide(divisor).multiply(whole(next)).abs());
            }
          };
    }
    return Complex.real(result);
  }

  private Complex factorial(Complex x) {
    BigDecimal real = real(x);
    if (!isWhole(real)
        || real.signum() < 0
        || real.compareTo(BigDecimal.valueOf(FACTORIAL_MAX)) > 0) {
      throw new ArithmeticException("a factorial of [" + real.round(new MathContext(9)) + "]");
    }
    BigDecimal result = BigDecimal.ONE;
    for (int i = 2; i <= nearest(real).intValueExact(); i++) {
      result = result.multiply(BigDecimal.valueOf(i), PRECISION);
      work.step();
    }
    return Complex.real(result);
  }

  /** n (n − 1) … (n − k + 1) / k!, for any n. */
  private Complex binomial(Complex n, Complex k) {
    BigDecimal times = real(k);
    if (!isWhole(times)
        || times.signum() < 0
        || times.compareTo(BigDecimal.valueOf(FACTORIAL_MAX)) > 0) {
      throw new ArithmeticException("a binomial coefficient whose lower number isn't whole");
    }
    Complex result = Complex.ONE;
    for (int i = 1; i <= nearest(times).intValueExact(); i++) {
      work.step();
      result = result.times(n.minus(Complex.of(i - 1L))).dividedBy(Complex.of(i));
    }
    return result;
  }

  private Complex series(Series series) {
    BigInteger from = whole(real(value(series.from())));
    BigInteger to = whole(real(value(series.to())));
    BigInteger count = to.subtract(from).add(BigInteger.ONE);
    if (count.compareTo(BigInteger.valueOf(TERMS_MAX)) > 0) {
      throw new TooMuchWorkException("a sum of more than [" + TERMS_MAX + "] terms");
    }
    Complex result = series.product() ? Complex.ONE : Complex.ZERO;
    Complex outer = values.get(series.variable());
    for (BigInteger i = from; i.compareTo(to) <= 0; i = i.add(BigInteger.ONE)) {
      values.put(series.variable(), Complex.real(new BigDecimal(i)));
      Complex term = value(series.body());
      result = series.product() ? result.times(term) : result.plus(term);
    }
    if (outer == null) {
      values.remove(series.variable());
    } else {
      values.put(series.variable(), outer);
    }
    return result;
  }

  /** A function without a rule has some value, always the same for the same arguments. */
  private Complex unknown(Unknown unknown) {
    long seed = unknown.name().hashCode();
    for (Term argument : unknown.arguments()) {
      if (!(argument instanceof Scalar scalar)) {
        throw new ArithmeticException("[" + unknown.name() + "] of something without a value");
      }
      Complex value = value(scalar);
      seed = 31 * seed + rounded(value.re()).hashCode();
      seed = 31 * seed + rounded(value.im()).hashCode();
    }
    return Complex.real(BigDecimal.valueOf(1 + new SplittableRandom(seed).nextDouble()));
  }

  private static BigDecimal rounded(BigDecimal value) {
    return value.setScale(30, RoundingMode.HALF_EVEN).stripTrailingZeros();
  }

  static BigDecimal real(Complex value) {
    if (!value.isReal()) {
      throw new ArithmeticException("expected a real number");
    }
    return value.re();
  }

  private static BigInteger whole(BigDecimal value) {
    if (!isWhole(value)) {
      throw new ArithmeticException("expected a whole number");
    }
    return nearest(value);
  }

  private static boolean isWhole(BigDecimal value) {
    return value.subtract(new BigDecimal(nearest(value))).abs().compareTo(NEARLY) < 0;
  }

  private static BigInteger nearest(BigDecimal value) {
    if (value.precision() - value.scale() > 10_000) {
      throw new TooMuchWorkException("a number of more than [10000] digits");
    }
    return value.setScale(0, RoundingMode.HALF_EVEN).toBigInteger();
  }

  private static BigDecimal floor(BigDecimal value) {
    return isWhole(value) ? new BigDecimal(nearest(value)) : value.setScale(0, RoundingMode.FLOOR);
  }
}
