package dev.troupe.actors.weights;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class SwarmTest {
  private static final WeightSource LEARNER = new WeightSource("learner", 1, true);

  private static Swarm.Member node(int number) {
    return Swarm.Member.alone(new WeightSource("node-" + number, 1, false));
  }

  private static Swarm.Member on(String place, int number) {
    return new Swarm.Member(node(number).source(), place);
  }

  private static Swarm swarm(int nodes) {
    return swarm(IntStream.range(0, nodes).mapToObj(SwarmTest::node).toList());
  }

  private static Swarm swarm(List<Swarm.Member> members) {
    return new Swarm(new Swarm.Member(LEARNER, "learner's"), members);
  }

  private static PullPlan plan(Swarm swarm, Swarm.Member member) {
    return swarm.planFor(member).orElseThrow();
  }

  @Test
  void aSingleNodePullsFromTheLearner() {
    assertThat(plan(swarm(1), node(0))).isEqualTo(PullPlan.from(LEARNER));
  }

  @Test
  void nodesShareTheLearnersUploadAndPullFromTheirNeighbours() {
    PullPlan plan = plan(swarm(8), node(6));
    assertThat(plan.stripe()).isEqualTo(6);
    assertThat(plan.stripes()).isEqualTo(8);
    assertThat(plan.sources())
        .containsExactly(
            node(7).source(), node(0).source(), node(1).source(), node(2).source(), LEARNER);
  }

  @Test
  void whoComesLateGetsNoShareAndNodesThatAreDoneFirst() {
    Swarm swarm = swarm(3);
    swarm.has(node(1));
    PullPlan plan = plan(swarm, node(9));
    assertThat(plan.stripes()).isZero();
    assertThat(plan.sources()).startsWith(node(1).source()).endsWith(LEARNER);
  }

  @Test
  void theFirstOfThoseThatNobodyExpectedTakesAllAndTheNextFollowIt() {
    Swarm swarm = swarm(0);
    assertThat(plan(swarm, node(4))).isEqualTo(PullPlan.from(LEARNER));
    assertThat(plan(swarm, node(5)))
        .isEqualTo(new PullPlan(List.of(node(4).source(), LEARNER), 0, 0));
  }

  @Test
  void whoLeftIsNobodysSource() {
    Swarm swarm = swarm(3);
    swarm.left(node(1).source());
    assertThat(plan(swarm, node(0)).sources()).containsExactly(node(2).source(), LEARNER);
  }

  @Test
  void ofNodesThatShareADirectoryOnePulls() {
    Swarm swarm = swarm(List.of(on("a", 0), on("a", 1), on("b", 2), on("b", 3)));
    PullPlan plan = plan(swarm, on("a", 0));
    assertThat(plan.stripes()).isEqualTo(2);
    assertThat(plan.sources()).containsExactly(node(2).source(), LEARNER);
    assertThat(swarm.planFor(on("a", 1))).isEmpty();
    swarm.has(on("a", 0));
    assertThat(swarm.planFor(on("a", 1))).isPresent();
    assertThat(swarm.planFor(on("b", 3))).isEmpty();
  }

  @Test
  void whenThePullerOfADirectoryIsGoneAnotherPulls() {
    Swarm swarm = swarm(List.of(on("a", 0), on("a", 1)));
    assertThat(swarm.planFor(on("a", 1))).isEmpty();
    swarm.left(node(0).source());
    assertThat(swarm.planFor(on("a", 1))).isPresent();
  }

  @Test
  void whoSharesTheLearnersDirectoryFindsTheFileThere() {
    Swarm swarm = swarm(List.of(on("learner's", 0), on("b", 1)));
    assertThat(plan(swarm, on("learner's", 0))).isEqualTo(PullPlan.from(LEARNER));
    assertThat(plan(swarm, on("b", 1))).isEqualTo(PullPlan.from(LEARNER));
  }

  @Test
  void aLearnerThatSaysAgainThatItHasTheWeightsChangesNothing() {
    Swarm swarm = swarm(2);
    swarm.has(new Swarm.Member(new WeightSource("learner", 1, false), "learner's"));
    assertThat(plan(swarm, node(0)).stripes()).isEqualTo(2);
  }
}
