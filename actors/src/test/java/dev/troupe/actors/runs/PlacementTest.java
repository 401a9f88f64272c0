package dev.troupe.actors.runs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.actors.cluster.Role;
import dev.troupe.actors.runs.Placement.Node;
import dev.troupe.actors.runs.Placement.Plan;
import dev.troupe.actors.runs.Placement.Wish;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PlacementTest {
  private static final Node LEARNER = node("l", "learner", 0, 1);
  private static final Node REWARD = node("v", "reward", 0, 0);

  private static Node node(String name, String roles, int slots, int learnersMax) {
    return new Node(name, Role.parse(roles), slots, learnersMax, false, Set.of());
  }

  private static Node with(Node node, boolean draining, String... learners) {
    return new Node(
        node.name(), node.roles(), node.slots(), node.learnersMax(), draining, Set.of(learners));
  }

  private static Wish wish(String run, double share) {
    return new Wish(run, share, false);
  }

  private static int slots(Plan plan) {
    return plan.rollouts().values().stream().mapToInt(Integer::intValue).sum();
  }

  private static Plan plan(Map<String, Plan> plans, String run) {
    return Optional.ofNullable(plans.get(run)).orElseThrow();
  }

  @Test
  void aRunAloneGetsEverything() {
    Plan plan =
        plan(
            Placement.of(
                List.of(LEARNER, REWARD, node("r", "rollout", 4, 0)),
                List.of(wish("a", 1)),
                Map.of()),
            "a");
    assertThat(plan).isEqualTo(new Plan(Optional.of("l"), Map.of("r", 4), Set.of("v"), ""));
  }

  @Test
  void slotsAreSplitByShares() {
    Map<String, Plan> plans =
        Placement.of(
            List.of(
                node("l", "learner", 0, 2),
                REWARD,
                node("r1", "rollout", 4, 0),
                node("r2", "rollout", 4, 0)),
            List.of(wish("a", 3), wish("b", 1)),
            Map.of());
    assertThat(slots(plan(plans, "a"))).isEqualTo(6);
    assertThat(slots(plan(plans, "b"))).isEqualTo(2);
  }

  @Test
  void aSmallShareStillGetsASlotWhileTheyLast() {
    Map<String, Plan> plans =
        Placement.of(
            List.of(node("l", "learner", 0, 3), REWARD, node("r", "rollout", 2, 0)),
            List.of(wish("a", 100), wish("b", 1), wish("c", 1)),
            Map.of());
    assertThat(slots(plan(plans, "a"))).isEqualTo(1);
    assertThat(slots(plan(plans, "b"))).isEqualTo(1);
    assertThat(plan(plans, "c").waitsFor()).contains("a rollout slot: the [2] there");
  }

  @Test
  void runsWithoutALearnerNodeWaitAndTakeNoSlots() {
    Map<String, Plan> plans =
        Placement.of(
            List.of(LEARNER, REWARD, node("r", "rollout", 2, 0)),
            List.of(wish("a", 1), wish("b", 1)),
            Map.of());
    assertThat(slots(plan(plans, "a"))).isEqualTo(2);
    assertThat(plan(plans, "b").learner()).isEmpty();
    assertThat(plan(plans, "b").rollouts()).isEmpty();
    assertThat(plan(plans, "b").waitsFor()).contains("the [1] there are have learners");
  }

  @Test
  void aLearnerStaysWhereItIs() {
    Map<String, Plan> plans =
        Placement.of(
            List.of(with(node("l1", "learner", 0, 1), false, "b"), node("l2", "learner", 0, 1)),
            List.of(wish("a", 1), new Wish("b", 1, true)),
            Map.of());
    assertThat(plan(plans, "b").learner()).contains("l1");
    assertThat(plan(plans, "a").learner()).contains("l2");
  }

  @Test
  void aLearnerLeavesADrainingNodeBeforeItBeginsElsewhere() {
    Node draining = with(node("l1", "learner", 0, 1), true, "a");
    Node other = node("l2", "learner", 0, 1);
    List<Wish> wishes = List.of(new Wish("a", 1, true));
    assertThat(plan(Placement.of(List.of(draining, other), wishes, Map.of()), "a").learner())
        .isEmpty();
    assertThat(
            plan(Placement.of(List.of(with(draining, true), other), wishes, Map.of()), "a")
                .learner())
        .contains("l2");
  }

  @Test
  void aSecondRunTakesOnlyWhatTheFirstHasTooMuchOf() {
    List<Node> nodes =
        List.of(
            node("l", "learner", 0, 2),
            REWARD,
            node("r1", "rollout", 2, 0),
            node("r2", "rollout", 2, 0));
    Map<String, Plan> before = Placement.of(nodes, List.of(wish("a", 1)), Map.of());
    Map<String, Plan> after =
        Placement.of(nodes, List.of(new Wish("a", 1, true), wish("b", 1)), before);
    plan(after, "a")
        .rollouts()
        .forEach(
            (node, slots) ->
                assertThat(slots)
                    .isLessThanOrEqualTo(plan(before, "a").rollouts().getOrDefault(node, 0)));
    assertThat(slots(plan(after, "a"))).isEqualTo(2);
    assertThat(slots(plan(after, "b"))).isEqualTo(2);
  }

  @Test
  void saysWhatIsMissing() {
    assertThat(plan(Placement.of(List.of(), List.of(wish("a", 1)), Map.of()), "a").waitsFor())
        .isEqualTo(
            "a node with role learner: there is none; a node with role rollout: there is none; a"
                + " node with role reward: there is none");
  }

  /** Whatever comes and goes: no slot twice, none empty while somebody could use it. */
  @Test
  void neverGivesASlotTwiceNorLeavesOneEmpty() {
    for (int seed = 0; seed < 500; seed++) {
      Random random = new Random(seed);
      Map<String, Plan> plans = Map.of();
      for (int step = 0; step < 20; step++) {
        List<Node> nodes = new ArrayList<>();
        IntStream.range(0, random.nextInt(6))
            .forEach(
                i ->
                    nodes.add(
                        new Node(
                            "n" + i,
                            Role.parse(
                                List.of("rollout", "learner", "learner,rollout", "reward")
                                    .get(random.nextInt(4))),
                            random.nextInt(5),
                            1 + random.nextInt(2),
                            random.nextInt(8) == 0,
                            Set.of())));
        List<Wish> wishes =
            IntStream.range(0, random.nextInt(5))
                .mapToObj(i -> new Wish("r" + i, 0.1 + random.nextInt(5), random.nextBoolean()))
                .toList();
        plans = Placement.of(nodes, wishes, plans);
        check(seed, nodes, plans);
      }
    }
  }

  private static void check(int seed, List<Node> nodes, Map<String, Plan> plans) {
    Map<String, Integer> used = new HashMap<>();
    Map<String, Integer> learners = new HashMap<>();
    for (Plan plan : plans.values()) {
      plan.rollouts().forEach((node, slots) -> used.merge(node, slots, Integer::sum));
      plan.learner().ifPresent(node -> learners.merge(node, 1, Integer::sum));
    }
    boolean taken = plans.values().stream().anyMatch(plan -> !plan.rollouts().isEmpty());
    for (Node node : nodes) {
      boolean rollout = !node.draining() && node.roles().contains(Role.ROLLOUT);
      int slots = used.getOrDefault(node.name(), 0);
      if (taken) {
        assertThat(slots).as("seed %d, %s", seed, node).isEqualTo(rollout ? node.slots() : 0);
      }
      assertThat(learners.getOrDefault(node.name(), 0))
          .as("seed %d, %s", seed, node)
          .isLessThanOrEqualTo(node.learnersMax());
    }
  }
}
