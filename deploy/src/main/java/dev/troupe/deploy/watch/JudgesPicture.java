package dev.troupe.deploy.watch;

import dev.troupe.actors.reward.ShadowFigures;
import dev.troupe.actors.run.RunEvent;
import dev.troupe.actors.run.ShadowReport;
import dev.troupe.protocol.outcome.VerifierRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** Folds what is heard of a run's verifiers. */
final class JudgesPicture {
  private static final int GONE_MAX = 8;

  /** What a verifier said, and how long that took. */
  private record Said(Tally tally, Latencies latencies) {}

  private final Map<VerifierRef, Said> tallies = new LinkedHashMap<>();
  private List<VerifierRef> present = List.of();
  private long swaps;
  private Optional<ShadowReport> shadow = Optional.empty();

  void judge(List<VerifierRef> verifiers) {
    present = verifiers;
  }

  void swapped(RunEvent.VerifierSwapped swapped) {
    swaps = swapped.swaps();
  }

  void shadow(ShadowReport report) {
    shadow = Optional.of(report);
  }

  void judged(VerifierRef verifier, OptionalDouble score, Duration took) {
    Said said = tallies.get(verifier);
    if (said == null) {
      said = new Said(new Tally(), new Latencies());
      tallies.put(verifier, said);
      tallies.keySet().stream()
          .filter(known -> !present.contains(known) && !known.equals(verifier))
          .limit(Math.max(0, tallies.size() - present.size() - GONE_MAX))
          .toList()
          .forEach(tallies::remove);
    }
    said.tally().add(score);
    said.latencies().add(took);
  }

  Judges view() {
    List<Judges.Verifier> verifiers = new ArrayList<>();
    for (VerifierRef ref : present) {
      verifiers.add(view(ref, verifiers.isEmpty() ? Judges.State.IN_FORCE : Judges.State.AT_WORK));
    }
    tallies.keySet().stream()
        .filter(ref -> !present.contains(ref))
        .forEach(ref -> verifiers.add(view(ref, Judges.State.GONE)));
    return new Judges(verifiers, swaps, shadow.map(JudgesPicture::view));
  }

  private static Judges.Shadow view(ShadowReport report) {
    ShadowFigures figures = report.figures();
    return new Judges.Shadow(
        report.verifier().words(),
        report.trial(),
        report.state(),
        report.words(),
        figures.compared(),
        figures.skipped(),
        figures.agreement(),
        figures.scoreMean(),
        figures.shadowScoreMean(),
        figures.unscored(),
        figures.shadowUnscored(),
        figures.examples().stream()
            .map(
                example ->
                    new Judges.Example(
                        example.prompt(),
                        example.answer(),
                        Samples.words(example.outcome()),
                        Samples.words(example.shadow())))
            .toList());
  }

  private Judges.Verifier view(VerifierRef ref, Judges.State state) {
    Said all = tallies.getOrDefault(ref, new Said(new Tally(), new Latencies()));
    Tally said = all.tally();
    return new Judges.Verifier(
        ref.words(),
        state,
        said.judged(),
        said.rewardMean().orElse(Double.NaN),
        said.unscored(),
        all.latencies().quantile(0.5),
        all.latencies().quantile(0.95));
  }
}
