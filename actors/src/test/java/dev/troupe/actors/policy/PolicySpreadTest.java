package dev.troupe.actors.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.actors.weights.PullPlan;
import dev.troupe.actors.weights.Swarm;
import dev.troupe.actors.weights.WeightSource;
import dev.troupe.protocol.policy.PolicyManifest;
import dev.troupe.protocol.policy.PolicyVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class PolicySpreadTest {
  private static final PolicyVersion VERSION = new PolicyVersion(1, 5, 0, "ab");
  private static final PolicyManifest MANIFEST =
      new PolicyManifest(VERSION, 4, 4, List.of(1), "0".repeat(64), List.of());

  private final List<String> said = new ArrayList<>();
  private final PolicySpread<String> spread =
      new PolicySpread<>(
          new PolicySpread.Orders<>() {
            @Override
            public void serve(String node, PolicyVersion version) {
              said.add(node + " serves");
            }

            @Override
            public void fetch(String node, PolicyManifest manifest, PullPlan plan) {
              said.add(node + " fetches from " + plan.sources());
            }
          });

  private static Swarm.Member at(String node) {
    return Swarm.Member.alone(new WeightSource(node, 1, false));
  }

  private void wants(String node) {
    spread.wants(VERSION, node, at(node));
  }

  private void has(String node, boolean served) {
    spread.has(VERSION, node, at(node), served ? Optional.of(MANIFEST) : Optional.empty());
  }

  @Test
  void nothingIsWrittenWhereNobodyElseWantsIt() {
    has("learner", false);
    assertThat(said).isEmpty();
  }

  @Test
  void theMakerWritesOnceSomebodyWantsItAndThenItIsFetched() {
    wants("worker");
    has("learner", false);
    assertThat(said).containsExactly("learner serves");
    has("learner", true);
    assertThat(said).endsWith("worker fetches from [learner:1]");
  }

  @Test
  void eachIsToldOnceUntilItAsksAgain() {
    wants("worker");
    has("learner", true);
    has("learner", true);
    assertThat(said).containsExactly("worker fetches from [learner:1]");
    wants("worker");
    assertThat(said).hasSize(2);
  }

  @Test
  void whoAsksLaterFetchesFromWhoHasIt() {
    wants("early");
    has("learner", true);
    has("early", true);
    wants("late");
    assertThat(said).endsWith("late fetches from [early:1, learner:1]");
  }

  @Test
  void whenTheMakerIsGoneOthersThatHaveItServeIt() {
    wants("early");
    has("learner", true);
    has("early", true);
    spread.left("learner");
    wants("late");
    assertThat(said).endsWith("late fetches from [early:1]");
  }

  @Test
  void whenAllThatHadItAreGoneTheNextMakerIsAsked() {
    wants("worker");
    has("learner", true);
    spread.left("learner");
    wants("worker");
    has("next-learner", false);
    assertThat(said).endsWith("next-learner serves");
  }

  @Test
  void whatIsNotNeededIsForgotten() {
    has("learner", true);
    spread.retain(version -> false);
    wants("worker");
    assertThat(said).isEmpty();
  }
}
