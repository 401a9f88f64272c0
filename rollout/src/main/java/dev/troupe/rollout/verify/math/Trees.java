package dev.troupe.rollout.verify.math;

import dev.troupe.rollout.verify.math.Term.Call;
import dev.troupe.rollout.verify.math.Term.Chain;
import dev.troupe.rollout.verify.math.Term.Constant;
import dev.troupe.rollout.verify.math.Term.Decimal;
import dev.troupe.rollout.verify.math.Term.Exact;
import dev.troupe.rollout.verify.math.Term.Function;
import dev.troupe.rollout.verify.math.Term.Percent;
import dev.troupe.rollout.verify.math.Term.Power;
import dev.troupe.rollout.verify.math.Term.Relation;
import dev.troupe.rollout.verify.math.Term.Scalar;
import dev.troupe.rollout.verify.math.Term.Series;
import dev.troupe.rollout.verify.math.Term.Symbol;
import dev.troupe.rollout.verify.math.Term.Unknown;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Questions about what a tree is made of. */
final class Trees {
  private static final Comparator<Symbol> BY_NAME =
      Comparator.comparing(Symbol::name).thenComparing(Symbol::real);

  private Trees() {}

  /** The letters that need values, in the order of their names. */
  static Set<Symbol> symbols(Term... terms) {
    Set<Symbol> symbols = new TreeSet<>(BY_NAME);
    for (Term term : terms) {
      collect(term, symbols);
    }
    return symbols;
  }

  private static void collect(Term term, Set<Symbol> symbols) {
    if (term instanceof Symbol symbol) {
      symbols.add(symbol);
    } else if (term instanceof Series series) {
      Set<Symbol> inner = new TreeSet<>(BY_NAME);
      collect(series.body(), inner);
      inner.remove(series.variable());
      symbols.addAll(inner);
      collect(series.from(), symbols);
      collect(series.to(), symbols);
    } else {
      children(term).forEach(child -> collect(child, symbols));
    }
  }

  static boolean has(Term term, Predicate<Term> wanted) {
    return wanted.test(term) || children(term).stream().anyMatch(child -> has(child, wanted));
  }

  /** Whether a number in it is only known to some digits. */
  static boolean approximate(Term term) {
    return has(term, Decimal.class::isInstance);
  }

  /** Whether it has values at whole numbers only. */
  static boolean discrete(Term term) {
    return has(
        term,
        each ->
            each instanceof Series
                || (each instanceof Call(var function, _)
                    && (function == Function.FACTORIAL
                        || function == Function.BINOMIAL
                        || function == Function.GAMMA
                        || function == Function.GCD
                        || function == Function.LCM)));
  }

  static List<? extends Term> children(Term term) {
    return switch (term) {
      case Exact _, Decimal _, Symbol _, Constant _, Term.Named _ -> List.of();
      case Percent(var number) -> List.of(number);
      case Term.Sum(var terms) -> terms;
      case Term.Product(var factors) -> factors;
      case Power(var base, var exponent) -> List.of(base, exponent);
      case Call(_, var arguments) -> arguments;
      case Unknown(_, var arguments) -> arguments;
      case Series(_, var body, _, var from, var to) -> List.of(body, from, to);
      case Term.Matrix(var rows) -> rows.stream().flatMap(List::stream).toList();
      case Term.Tuple(var elements) -> elements;
      case Term.Finite(var elements) -> elements;
      case Term.Interval(var start, var end, _, _) -> List.of(start, end);
      case Term.Union(var left, var right) -> List.of(left, right);
      case Term.Intersection(var left, var right) -> List.of(left, right);
      case Term.Difference(var left, var right) -> List.of(left, right);
      case Relation(_, var left, var right) -> List.of(left, right);
      case Chain(var relations) -> relations;
    };
  }

  /** The tree with other letters for its own. */
  static Term renamed(Term term, Map<Symbol, Symbol> names) {
    return switch (term) {
      case Scalar scalar -> renamed(scalar, names);
      case Term.Named named -> named;
      case Term.Matrix(var rows) ->
          new Term.Matrix(
              rows.stream()
                  .map(row -> row.stream().map(entry -> renamed(entry, names)).toList())
                  .toList());
      case Term.Tuple(var elements) ->
          new Term.Tuple(elements.stream().map(each -> renamed(each, names)).toList());
      case Term.Finite(var elements) ->
          new Term.Finite(elements.stream().map(each -> renamed(each, names)).toList());
      case Term.Interval(var start, var end, var left, var right) ->
          new Term.Interval(renamed(start, names), renamed(end, names), left, right);
      case Term.Union(var left, var right) ->
          new Term.Union(renamed(left, names), renamed(right, names));
      case Term.Intersection(var left, var right) ->
          new Term.Intersection(renamed(left, names), renamed(right, names));
      case Term.Difference(var left, var right) ->
          new Term.Difference(renamed(left, names), renamed(right, names));
      case Relation relation -> renamed(relation, names);
      case Chain(var relations) ->
          new Chain(relations.stream().map(each -> renamed(each, names)).toList());
    };
  }

  private static Relation renamed(Relation relation, Map<Symbol, Symbol> names) {
    return new Relation(
        relation.kind(), renamed(relation.left(), names), renamed(relation.right(), names));
  }

  private static Scalar renamed(Scalar scalar, Map<Symbol, Symbol> names) {
    return switch (scalar) {
      case Exact _, Decimal _, Constant _ -> scalar;
      case Symbol symbol -> names.getOrDefault(symbol, symbol);
      case Percent(var number) -> new Percent(renamed(number, names));
      case Term.Sum(var terms) ->
          new Term.Sum(terms.stream().map(each -> renamed(each, names)).toList());
      case Term.Product(var factors) ->
          new Term.Product(factors.stream().map(each -> renamed(each, names)).toList());
      case Power(var base, var exponent) ->
          new Power(renamed(base, names), renamed(exponent, names));
      case Call(var function, var arguments) ->
          new Call(function, arguments.stream().map(each -> renamed(each, names)).toList());
      case Unknown(var name, var arguments) ->
          new Unknown(name, arguments.stream().map(each -> renamed(each, names)).toList());
      case Series(var product, var body, var variable, var from, var to) ->
          new Series(
              product,
              renamed(body, names),
              names.getOrDefault(variable, variable),
              renamed(from, names),
              renamed(to, names));
    };
  }
}
