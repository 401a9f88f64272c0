package dev.troupe.rollout.environment.check;

import java.util.List;

/**
 * What became of every rule.
 *
 * @param environment id
 * @param observations its observation space, for people
 * @param actions its action space, for people
 */
public record CheckReport(
    String environment, String observations, String actions, List<Finding> findings) {
  public CheckReport {
    findings = List.copyOf(findings);
  }

  /** Whether nothing is bad. */
  public boolean isGood() {
    return findings.stream().noneMatch(finding -> finding.verdict() == Finding.Verdict.BAD);
  }

  public Finding finding(Rule rule) {
    return findings.stream().filter(finding -> finding.rule() == rule).findFirst().orElseThrow();
  }
}
