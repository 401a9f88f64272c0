package dev.troupe.rollout.verify.math;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A sum of products of unknowns with exact coefficients.
 *
 * @param terms coefficients, none 0, by the powers of unknown 0, 1, …, the last power not 0
 */
record Polynomial(Map<List<Integer>, Rational> terms) {
  static final int TERMS_MAX = 600;
  private static final int DEGREE_MAX = 400;

  static final Polynomial ZERO = new Polynomial(Map.of());
  static final Polynomial ONE = constant(Rational.ONE);

  static Polynomial constant(Rational value) {
    return value.isZero() ? ZERO : new Polynomial(Map.of(List.of(), value));
  }

  /** Unknown {@code index} to {@code power}, 1 or more. */
  static Polynomial unknown(int index, int power) {
    List<Integer> powers = new ArrayList<>();
    for (int i = 0; i < index; i++) {
      powers.add(0);
    }
    powers.add(power);
    return new Polynomial(Map.of(List.copyOf(powers), Rational.ONE));
  }

  boolean isZero() {
    return terms.isEmpty();
  }

  boolean isConstant() {
    return terms.isEmpty() || (terms.size() == 1 && terms.containsKey(List.<Integer>of()));
  }

  /** The term without unknowns. */
  Rational constant() {
    return terms.getOrDefault(List.<Integer>of(), Rational.ZERO);
  }

  Polynomial plus(Polynomial other) {
    Map<List<Integer>, Rational> sum = new HashMap<>(terms);
    other.terms.forEach((powers, coefficient) -> add(sum, powers, coefficient));
    return checked(sum);
  }

  Polynomial minus(Polynomial other) {
    return plus(other.times(Rational.MINUS_ONE));
  }

  Polynomial times(Rational factor) {
    if (factor.isZero()) {
      return ZERO;
    }
    Map<List<Integer>, Rational> product = new HashMap<>();
    terms.forEach((powers, coefficient) -> product.put(powers, coefficient.times(factor)));
    return new Polynomial(product);
  }

  Polynomial times(Polynomial other, Work work) {
    work.steps((long) terms.size() * other.terms.size());
    Map<List<Integer>, Rational> product = new HashMap<>();
    for (var left : terms.entrySet()) {
      for (var right : other.terms.entrySet()) {
        add(
            product,
            multiplied(left.getKey(), right.getKey()),
            left.getValue().times(right.getValue()));
      }
    }
    return checked(product);
  }

  private static void add(
      Map<List<Integer>, Rational> sum, List<Integer> powers, Rational coefficient) {
    Rational total = sum.getOrDefault(powers, Rational.ZERO).plus(coefficient);
    if (total.isZero()) {
      sum.remove(powers);
    } else {
      sum.put(powers, total);
    }
  }

  private static List<Integer> multiplied(List<Integer> left, List<Integer> right) {
    if (left.isEmpty()) {
      return right;
    }
    if (right.isEmpty()) {
      return left;
    }
    List<Integer> sum = new ArrayList<>();
    for (int i = 0; i < Math.max(left.size(), right.size()); i++) {
      int power = (i < left.size() ? left.get(i) : 0) + (i < right.size() ? right.get(i) : 0);
      if (power > DEGREE_MAX) {
        throw new TooMuchWorkException("a degree of more than [" + DEGREE_MAX + "]");
      }
      sum.add(power);
    }
    return List.copyOf(sum);
  }

  private static Polynomial checked(Map<List<Integer>, Rational> terms) {
    if (terms.size() > TERMS_MAX) {
      throw new TooMuchWorkException("a polynomial of more than [" + TERMS_MAX + "] terms");
    }
    return new Polynomial(terms);
  }
}
