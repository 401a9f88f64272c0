package dev.troupe.actors.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.actors.run.RunEvent.Occasion;
import dev.troupe.protocol.policy.PolicyVersion;
import dev.troupe.protocol.task.Task;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class EvaluationsTest {
  private static final PolicyVersion VERSION = new PolicyVersion(1, 8, 0, "00");

  private final Evaluations evaluations = new Evaluations(tasks(6), 1);

  private static List<Task> tasks(int count) {
    return LongStream.range(0, count).mapToObj(FakeEngines::task).toList();
  }

  private static RunPresence samplers(int wanted, String... present) {
    return new RunPresence(Set.of("n"), true, List.of(present), wanted, true);
  }

  private static RunNodes.Change gone(String... samplers) {
    return new RunNodes.Change(List.of(), List.of(samplers), false);
  }

  private static RunNodes.Change begun(String... samplers) {
    return new RunNodes.Change(List.of(samplers), List.of(), false);
  }

  /** Part and sampler of each. */
  private static List<String> words(List<Evaluations.Order> orders) {
    return orders.stream().map(order -> order.part() + " " + order.sampler()).toList();
  }

  @Test
  void waitsForAllSamplersAndThenDoesWithSome() {
    evaluations.begin(Occasion.DURING, VERSION);
    RunPresence two = samplers(3, "a", "b");
    assertThat(evaluations.waitsFor()).contains("samplers to begin");
    assertThat(evaluations.assign(two, false)).isEmpty();
    assertThat(evaluations.assign(samplers(3), true)).isEmpty();
    assertThat(words(evaluations.assign(two, true))).containsExactly("0 a", "1 b");
    assertThat(evaluations.assign(samplers(3, "a", "b", "c"), true)).isEmpty();
    assertThat(evaluations.waitsFor()).contains("the samplers to evaluate update [8]");
  }

  @Test
  void neighboursMakeAPart() {
    evaluations.begin(Occasion.DURING, VERSION);
    List<Evaluations.Order> orders = evaluations.assign(samplers(2, "a", "b"), false);
    assertThat(orders.get(0).evaluation().tasks(0)).isEqualTo(tasks(6).subList(0, 3));
    assertThat(orders.get(1).evaluation().tasks(1)).isEqualTo(tasks(6).subList(3, 6));
  }

  @Test
  void whatALostSamplerHadGoesToOthers() {
    evaluations.begin(Occasion.DURING, VERSION);
    evaluations.assign(samplers(3, "a", "b", "c"), false);
    assertThat(evaluations.done(1, 0, 0, Verdicts.of(1, 1))).isEmpty();
    RunPresence left = samplers(3, "b", "c");
    assertThat(words(evaluations.changed(gone("a"), left))).isEmpty();
    assertThat(words(evaluations.changed(gone("b"), samplers(3, "c")))).containsExactly("1 c");
    assertThat(words(evaluations.changed(gone("c"), samplers(3)))).isEmpty();
    assertThat(words(evaluations.repeat(samplers(3, "d")))).containsExactly("1 d", "2 d");
  }

  @Test
  void aSamplerThatBeginsAnewHearsAgainWhatItHasNotDone() {
    evaluations.begin(Occasion.DURING, VERSION);
    RunPresence both = samplers(2, "a", "b");
    evaluations.assign(both, false);
    assertThat(words(evaluations.changed(begun("a"), both))).containsExactly("0 a");
    evaluations.done(1, 0, 0, Verdicts.of(1, 1, 1));
    assertThat(evaluations.changed(begun("a"), both)).isEmpty();
    assertThat(words(evaluations.repeat(both))).containsExactly("1 b");
  }

  @Test
  void endsOnceEveryTaskIsJudgedHoweverOftenAndInWhateverPieces() {
    Evaluation begun = evaluations.begin(Occasion.DURING, VERSION);
    evaluations.assign(samplers(2, "a", "b"), false);
    assertThat(evaluations.isUnderWay(VERSION)).isTrue();
    assertThat(evaluations.done(1, 1, 1, Verdicts.of(1, 1))).isEmpty();
    assertThat(evaluations.done(1, 0, 0, Verdicts.of(0, 0, 1))).isEmpty();
    assertThat(evaluations.done(1, 0, 0, Verdicts.of(1, 1, 1))).isEmpty();
    Optional<Evaluation> ended = evaluations.done(1, 1, 0, Verdicts.of(0));
    assertThat(ended).contains(begun);
    assertThat(begun.accuracy()).isEqualTo(0.5);
    assertThat(evaluations.accuracy(8)).hasValue(0.5);
    assertThat(evaluations.lastIfOf(VERSION)).contains(begun);
    assertThat(evaluations.isUnderWay(VERSION)).isFalse();
    assertThat(evaluations.done(1, 1, 0, Verdicts.of(0))).isEmpty();
  }

  @Test
  void whatIsGivenUpLeavesNothing() {
    evaluations.begin(Occasion.DURING, VERSION);
    evaluations.assign(samplers(1, "a"), false);
    assertThat(evaluations.giveUp(1)).isTrue();
    assertThat(evaluations.giveUp(1)).isFalse();
    assertThat(evaluations.waitsFor()).isEmpty();
    assertThat(evaluations.accuracy(8)).isEmpty();
    assertThat(evaluations.lastIfOf(VERSION)).isEmpty();
  }
}
