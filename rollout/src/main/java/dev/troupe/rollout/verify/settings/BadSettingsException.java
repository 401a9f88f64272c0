package dev.troupe.rollout.verify.settings;

import java.util.List;
import java.util.stream.Collectors;

/** Settings that a verifier can't work with, and everything that is wrong with them. */
public final class BadSettingsException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final transient List<SettingProblem> problems;

  public BadSettingsException(List<SettingProblem> problems) {
    super(problems.stream().map(SettingProblem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  public BadSettingsException(SettingProblem problem) {
    this(List.of(problem));
  }

  public List<SettingProblem> problems() {
    return problems;
  }

  /** The same within the setting {@code outer}. */
  public BadSettingsException in(String outer) {
    return new BadSettingsException(problems.stream().map(problem -> problem.in(outer)).toList());
  }
}
