package dev.troupe.rollout.verify.instruction;

import dev.troupe.plugin.Verifier.Detail;
import java.util.List;
import java.util.stream.Collectors;

/** The verdict on each constraint of a prompt, in its order. */
public record ConstraintReport(List<ConstraintVerdict> verdicts) implements Detail {
  public ConstraintReport {
    verdicts = List.copyOf(verdicts);
  }

  @Override
  public String words() {
    return verdicts.stream()
        .map(verdict -> (verdict.strict() ? "✓ " : verdict.loose() ? "~ " : "✗ ") + verdict.id())
        .collect(Collectors.joining(", "));
  }
}
