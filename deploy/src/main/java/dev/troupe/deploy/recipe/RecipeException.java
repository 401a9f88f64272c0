package dev.troupe.deploy.recipe;

import java.util.List;
import java.util.stream.Collectors;

/** A recipe that must not be run, with everything that is wrong with it. */
public final class RecipeException extends RuntimeException {
  private final transient List<Problem> problems;

  RecipeException(List<Problem> problems) {
    super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  RecipeException(Problem problem) {
    this(List.of(problem));
  }

  /** All of them, in the order of the reference recipe's keys. */
  public List<Problem> problems() {
    return problems;
  }
}
