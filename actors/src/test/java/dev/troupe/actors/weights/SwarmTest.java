package dev.troupe.actors.weights;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class SwarmTest {
  private static final WeightSource LEARNER = new WeightSource("learner", 1, true);

  private static WeightSource node(int number) {
    return new WeightSource("node-" + number, 1, false);
  }

  private static Swarm swarm(int nodes) {
    return new Swarm(LEARNER, IntStream.range(0, nodes).mapToObj(SwarmTest::node).toList());
  }

  @Test
  void aSingleNodePullsFromTheLearner() {
    assertThat(swarm(1).planFor(node(0))).isEqualTo(new PullPlan(List.of(LEARNER), 0, 1));
  }

  @Test
  void nodesShareTheLearnersUploadAndPullFromTheirNeighbours() {
    PullPlan plan = swarm(8).planFor(node(6));
    assertThat(plan.stripe()).isEqualTo(6);
    assertThat(plan.stripes()).isEqualTo(8);
    assertThat(plan.sources()).containsExactly(node(7), node(0), node(1), node(2), LEARNER);
  }

  @Test
  void whoComesLateGetsNoShareAndNodesThatAreDoneFirst() {
    Swarm swarm = swarm(3);
    swarm.has(node(1));
    PullPlan plan = swarm.planFor(node(9));
    assertThat(plan.stripes()).isZero();
    assertThat(plan.sources()).startsWith(node(1)).endsWith(LEARNER);
  }

  @Test
  void whoLeftIsNobodysSource() {
    Swarm swarm = swarm(3);
    swarm.left(node(1));
    assertThat(swarm.planFor(node(0)).sources()).containsExactly(node(2), LEARNER);
    assertThat(swarm.planFor(node(0)).stripes()).isEqualTo(2);
  }

  @Test
  void itKnowsWhoHasEverything() {
    Swarm swarm = swarm(3);
    swarm.has(node(2));
    assertThat(swarm.complete()).containsExactly(LEARNER, node(2));
  }
}
