package dev.troupe.actors.runs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.actors.cluster.HostPort;
import dev.troupe.actors.cluster.Role;
import dev.troupe.actors.runs.Placement.Need;
import dev.troupe.actors.runs.Placement.Node;
import dev.troupe.actors.runs.Placement.Plan;
import dev.troupe.actors.runs.Placement.Wish;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
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

  private static final long GB = 1_000_000_000;
  private static final Need CPU = new Need("cpu", GB / 2);

  private static Node node(String name, String roles, int slots, int learnersMax) {
    return new Node(
        name, Role.parse(roles), slots, learnersMax, false, Set.of("cpu"), 2, GB, Set.of());
  }

  private static Node with(Node node, boolean draining, String... learners) {
    return new Node(
        node.name(),
        node.roles(),
        node.slots(),
        node.learnersMax(),
        draining,
        node.devices(),
        node.cores(),
        node.memory(),
        Set.of(learners));
  }

  private static Node on(Node node, String... devices) {
    return new Node(
        node.name(),
        node.roles(),
        node.slots(),
        node.learnersMax(),
        node.draining(),
        Set.of(devices),
        node.cores(),
        node.memory(),
        node.learners());
  }

  private static Need on(String device) {
    return new Need(device, GB / 2);
  }

  private static Node of(Node node, int cores, long memory) {
    return new Node(
        node.name(),
        node.roles(),
        node.slots(),
        node.learnersMax(),
        node.draining(),
        node.devices(),
        cores,
        memory,
        node.learners());
  }

  private static Wish wish(String run, double share) {
    return new Wish(run, share, false, CPU, CPU);
  }

  private static Wish active(String run) {
    return new Wish(run, 1, true, CPU, CPU);
  }

  private static String waitsFor(Plan plan) {
    return new Shortage.Words(new HostPort("127.0.0.1", 7355), Path.of("/home"))
        .of(plan.shortages());
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
    assertThat(plan).isEqualTo(new Plan(Optional.of("l"), Map.of("r", 4), Set.of("v"), List.of()));
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
    assertThat(waitsFor(plan(plans, "c"))).contains("a rollout slot: the [2] there");
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
    assertThat(waitsFor(plan(plans, "b"))).contains("the [1] there are have learners");
  }

  @Test
  void aLearnerStaysWhereItIs() {
    Map<String, Plan> plans =
        Placement.of(
            List.of(with(node("l1", "learner", 0, 1), false, "b"), node("l2", "learner", 0, 1)),
            List.of(wish("a", 1), active("b")),
            Map.of());
    assertThat(plan(plans, "b").learner()).contains("l1");
    assertThat(plan(plans, "a").learner()).contains("l2");
  }

  @Test
  void aLearnerLeavesADrainingNodeBeforeItBeginsElsewhere() {
    Node draining = with(node("l1", "learner", 0, 1), true, "a");
    Node other = node("l2", "learner", 0, 1);
    List<Wish> wishes = List.of(active("a"));
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
    Map<String, Plan> after = Placement.of(nodes, List.of(active("a"), wish("b", 1)), before);
    plan(after, "a")
        .rollouts()
        .forEach(
            (node, slots) ->
                assertThat(slots)
                    .isLessThanOrEqualTo(plan(before, "a").rollouts().getOrDefault(node, 0)));
    assertThat(slots(plan(after, "a"))).isEqualTo(2);
    assertThat(slots(plan(after, "b"))).isEqualTo(2);
  }

  private static String missing(List<Node> nodes, Wish wish) {
    return waitsFor(plan(Placement.of(nodes, List.of(wish), Map.of()), wish.run()));
  }

  @Test
  void saysWhatIsMissingAndWhichNodeWouldDo() {
    assertThat(missing(List.of(), wish("a", 1)))
        .isEqualTo(
            "a node with role learner: there is none; a node with role rollout: there is none; a"
                + " node with role reward: there is none; such a node: ./troupe node --roles"
                + " learner,rollout,reward --bind 127.0.0.1:0 --join 127.0.0.1:7355 --home /home");
    assertThat(missing(List.of(LEARNER, node("r", "rollout", 1, 0)), wish("a", 1)))
        .isEqualTo(
            "a node with role reward: there is none; such a node: ./troupe node --roles reward"
                + " --bind 127.0.0.1:0 --join 127.0.0.1:7355");
  }

  @Test
  void aRunWaitsForADeviceThatNobodyOffers() {
    Wish wish = new Wish("a", 1, false, on("cuda:1"), on("cuda:0"));
    List<Node> nodes = List.of(LEARNER, REWARD, node("r", "rollout", 2, 0));
    assertThat(plan(Placement.of(nodes, List.of(wish), Map.of()), "a").learner()).isEmpty();
    assertThat(missing(nodes, wish))
        .isEqualTo(
            "a node with role learner and device cuda:1: the [1] with that role offer cpu; a node"
                + " with role rollout and device cuda:0: the [1] with that role offer cpu; such a"
                + " node: ./troupe node --roles learner,rollout --devices cuda:0,cuda:1 --bind"
                + " 127.0.0.1:0 --join 127.0.0.1:7355 --home /home");
    List<Node> more =
        List.of(LEARNER, REWARD, on(node("g", "learner,rollout", 2, 2), "cuda:0", "cuda:1"));
    assertThat(plan(Placement.of(more, List.of(wish), Map.of()), "a"))
        .isEqualTo(new Plan(Optional.of("g"), Map.of("g", 2), Set.of("v"), List.of()));
  }

  @Test
  void slotsOfADeviceGoToRunsThatSampleOnIt() {
    Map<String, Plan> plans =
        Placement.of(
            List.of(
                node("l", "learner", 0, 2),
                REWARD,
                node("c", "rollout", 4, 0),
                on(node("g", "rollout", 2, 0), "cpu", "cuda:0")),
            List.of(wish("a", 5), new Wish("b", 1, false, CPU, on("cuda:0"))),
            Map.of());
    assertThat(plan(plans, "a").rollouts()).isEqualTo(Map.of("c", 4, "g", 1));
    assertThat(plan(plans, "b").rollouts()).isEqualTo(Map.of("g", 1));
  }

  @Test
  void offLoopbackTheNodeThatWouldDoNeedsKeys() {
    assertThat(
            new Shortage.Words(new HostPort("h", 7355), Path.of("/home"))
                .of(List.of(Shortage.ofReward())))
        .endsWith("--roles reward --bind ITS-HOST:7355 --join h:7355 --keys ITS-KEYS");
  }

  /** Whatever comes and goes: no slot twice, none empty while somebody could use it. */
  @Test
  void aRunWaitsForMemoryThatNoNodeHas() {
    Wish wish = new Wish("a", 1, false, new Need("cpu", 3 * GB), new Need("cpu", 2 * GB));
    Node rollout = node("r", "rollout", 2, 0);
    Map<String, Plan> small =
        Placement.of(List.of(LEARNER, REWARD, rollout), List.of(wish), Map.of());

    assertThat(plan(small, "a").learner()).isEmpty();
    assertThat(plan(small, "a").rollouts()).isEmpty();
    assertThat(waitsFor(plan(small, "a")))
        .contains(
            "a node with role learner and 3.0 GB of memory: the [1] with that role and device cpu"
                + " have at most 1.0 GB")
        .contains("a node with role rollout and 2.0 GB of memory")
        .contains("--roles learner,rollout");

    Map<String, Plan> grown =
        Placement.of(
            List.of(
                LEARNER,
                of(node("l2", "learner", 0, 1), 2, 4 * GB),
                REWARD,
                rollout,
                of(node("r2", "rollout", 2, 0), 2, 2 * GB)),
            List.of(wish),
            small);
    assertThat(plan(grown, "a"))
        .isEqualTo(new Plan(Optional.of("l2"), Map.of("r2", 2), Set.of("v"), List.of()));
  }

  @Test
  void ofEqualRoomTheLearnerGoesWhereTheCoresAre() {
    List<Node> nodes =
        List.of(
            of(node("l1", "learner", 0, 1), 2, 8 * GB),
            of(node("l2", "learner", 0, 1), 8, 4 * GB),
            of(node("l3", "learner", 0, 1), 8, 2 * GB));

    Map<String, Plan> plans = Placement.of(nodes, List.of(wish("a", 1)), Map.of());

    assertThat(plan(plans, "a").learner()).contains("l2");
  }

  @Test
  void whoCannotTellItsMemoryIsTakenForLargeEnough() {
    Node learner = of(node("l1", "learner", 0, 1), 2, 0);
    Wish wish = new Wish("a", 1, false, new Need("cpu", 900 * GB), CPU);

    Map<String, Plan> plans = Placement.of(List.of(learner), List.of(wish), Map.of());

    assertThat(plan(plans, "a").learner()).contains("l1");
  }

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
                            List.of(Set.of("cpu"), Set.of("cpu", "cuda:0"), Set.of("cuda:0"))
                                .get(random.nextInt(3)),
                            1 + random.nextInt(3),
                            (1 + random.nextInt(2)) * GB,
                            Set.of())));
        List<Wish> wishes =
            IntStream.range(0, random.nextInt(5))
                .mapToObj(
                    i ->
                        new Wish(
                            "r" + i,
                            0.1 + random.nextInt(5),
                            random.nextBoolean(),
                            CPU,
                            new Need(
                                random.nextBoolean() ? "cpu" : "cuda:0", random.nextInt(3) * GB)))
                .toList();
        plans = Placement.of(nodes, wishes, plans);
        check(seed, nodes, wishes, plans);
      }
    }
  }

  private static void check(
      int seed, List<Node> nodes, List<Wish> wishes, Map<String, Plan> plans) {
    Map<String, Integer> used = new HashMap<>();
    Map<String, Integer> learners = new HashMap<>();
    for (Plan plan : plans.values()) {
      plan.rollouts().forEach((node, slots) -> used.merge(node, slots, Integer::sum));
      plan.learner().ifPresent(node -> learners.merge(node, 1, Integer::sum));
    }
    Set<Need> needs = new HashSet<>();
    for (Wish wish : wishes) {
      Plan plan = plan(plans, wish.run());
      if (wish.active() || plan.learner().isPresent()) {
        needs.add(wish.sampler());
      }
      assertThat(nodes)
          .as("seed %d, %s", seed, wish)
          .filteredOn(node -> plan.rollouts().containsKey(node.name()))
          .allMatch(node -> node.fits(wish.sampler()));
    }
    for (Node node : nodes) {
      boolean wanted = node.has(Role.ROLLOUT) && needs.stream().anyMatch(node::fits);
      assertThat(used.getOrDefault(node.name(), 0))
          .as("seed %d, %s", seed, node)
          .isEqualTo(wanted ? node.slots() : 0);
      assertThat(learners.getOrDefault(node.name(), 0))
          .as("seed %d, %s", seed, node)
          .isLessThanOrEqualTo(node.learnersMax());
    }
  }
}
