package dev.troupe.deploy.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.actors.cluster.HostPort;
import dev.troupe.actors.cluster.LostAfter;
import dev.troupe.actors.cluster.Role;
import dev.troupe.actors.runs.LifeSign;
import dev.troupe.deploy.api.NodeCard;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

final class JoiningTest {
  private static final HostPort ONE = new HostPort("127.0.0.1", 7355);
  private static final HostPort TWO = new HostPort("127.0.0.1", 7365);
  private static final HostPort THREE = new HostPort("127.0.0.1", 7375);

  private static final LostAfter LOST_AFTER = new LostAfter(20);

  private final Map<HostPort, NodeCard> there = new HashMap<>();
  private final List<String> said = new ArrayList<>();
  private final AtomicLong nanos = new AtomicLong();
  private Supplier<Optional<LifeSign>> signs = Optional::empty;

  @Test
  void aHeadWithNobodyElseToJoinBeginsTheCluster() throws Exception {
    assertThat(joining(ONE, Role.HEAD, List.of()).resolve(Duration.ZERO).members()).isEmpty();
    assertThat(joining(ONE, Role.HEAD, List.of(ONE)).resolve(Duration.ZERO).members()).isEmpty();
  }

  @Test
  void aWorkerWithNobodyToJoinIsRefused() {
    assertThatThrownBy(() -> joining(ONE, Role.REWARD, List.of(ONE)).resolve(Duration.ZERO))
        .isInstanceOf(NodeRefusedException.class)
        .hasMessageContaining("roles [reward] and nobody else to join")
        .hasMessageContaining("--join HOST:PORT");
  }

  @Test
  void joinsThroughThoseThatAreInACluster() throws Exception {
    there.put(ONE, card("one", ONE, true));
    there.put(TWO, card("two", TWO, false));

    assertThat(joining(THREE, Role.HEAD, List.of(TWO, ONE, THREE)).resolve(Duration.ZERO).members())
        .containsExactly(ONE);
  }

  @Test
  void joinsByTheAddressThatTheNodeGoesBy() throws Exception {
    there.put(new HostPort("localhost", 7355), card("one", ONE, true));

    assertThat(
            joining(TWO, Role.ROLLOUT, List.of(new HostPort("localhost", 7355)))
                .resolve(Duration.ZERO)
                .members())
        .containsExactly(ONE);
  }

  @Test
  void theFirstHeadOfTheListBeginsTheClusterWhenNobodyIsInOne() throws Exception {
    there.put(TWO, card("two", TWO, false));

    assertThat(joining(ONE, Role.HEAD, List.of(ONE, TWO)).resolve(Duration.ofHours(1)).members())
        .isEmpty();
    assertThat(said.getLast()).contains("this node begins it");
  }

  @Test
  void theOthersWaitForTheFirstAndSayWhatForOnce() {
    there.put(ONE, card("one", ONE, false));

    assertThatThrownBy(
            () -> joining(TWO, Role.HEAD, List.of(ONE, TWO)).resolve(Duration.ofSeconds(5)))
        .isInstanceOf(NodeRefusedException.class)
        .hasMessageContaining("nobody to join within")
        .hasMessageContaining("[one] is not in a cluster yet");
    assertThat(said)
        .containsExactly(
            "waiting for a node to join through: 127.0.0.1:7355: [one] is not in a cluster yet");
  }

  @Test
  void whereNobodyAnswersTheReasonIsGiven() {
    assertThatThrownBy(
            () -> joining(TWO, Role.ROLLOUT, List.of(ONE)).resolve(Duration.ofSeconds(1)))
        .hasMessageContaining("127.0.0.1:7355: connection refused")
        .hasMessageContaining("./troupe node --roles head,learner");
  }

  @Test
  void noHeadBeginsAnotherClusterWhereOneWorks() {
    AtomicLong beat = new AtomicLong();
    signs = () -> Optional.of(new LifeSign("three", THREE, 4, beat.incrementAndGet()));

    for (List<HostPort> listed : List.of(List.of(ONE, TWO), List.<HostPort>of())) {
      assertThatThrownBy(() -> joining(ONE, Role.HEAD, listed).resolve(Duration.ofSeconds(10)))
          .isInstanceOf(NodeRefusedException.class)
          .hasMessageContaining("head [three] at 127.0.0.1:7375 works on this --home directory")
          .hasMessageContaining("--join 127.0.0.1:7375");
    }
  }

  @Test
  void doesAsTheClusterDoesWithSilentNodes() throws Exception {
    there.put(ONE, card("one", ONE, true));
    Joining.Found found = joining(TWO, Role.ROLLOUT, List.of(ONE)).resolve(Duration.ZERO);

    assertThat(found.lostAfter(Optional.empty())).isEqualTo(LOST_AFTER);
    assertThat(found.lostAfter(Optional.of(LOST_AFTER))).isEqualTo(LOST_AFTER);
    assertThatThrownBy(() -> found.lostAfter(Optional.of(new LostAfter(30))))
        .isInstanceOf(NodeRefusedException.class)
        .hasMessageContaining("--lost-after: got [30]")
        .hasMessageContaining("was begun with [20]");
  }

  @Test
  void whoBeginsTheClusterSaysHowLongSilentNodesAreWaitedFor() throws Exception {
    Joining.Found found = joining(ONE, Role.HEAD, List.of()).resolve(Duration.ZERO);

    assertThat(found.lostAfter(Optional.of(LOST_AFTER))).isEqualTo(LOST_AFTER);
    assertThat(found.lostAfter(Optional.empty())).isEqualTo(LostAfter.DEFAULT);
  }

  @Test
  void anOldSignIsOfNobody() throws Exception {
    signs = () -> Optional.of(new LifeSign("three", THREE, 4, 99));

    assertThat(joining(ONE, Role.HEAD, List.of(ONE, TWO)).resolve(Duration.ZERO).members())
        .isEmpty();
    assertThat(joining(ONE, Role.HEAD, List.of()).resolve(Duration.ZERO).members()).isEmpty();
    assertThat(said)
        .anyMatch(words -> words.contains("looking whether head [three] at 127.0.0.1:7375"));
  }

  /** Each look at the clock is two seconds later. */
  private Joining joining(HostPort own, Role role, List<HostPort> listed) {
    return new Joining(
        own,
        Set.of(role),
        listed,
        node -> {
          NodeCard card = there.get(node);
          if (card == null) {
            throw new IOException("connection refused");
          }
          return card;
        },
        signs,
        said::add,
        () -> nanos.addAndGet(Duration.ofSeconds(2).toNanos()),
        _ -> {});
  }

  private static NodeCard card(String name, HostPort address, boolean up) {
    return new NodeCard(name, Set.of(Role.HEAD), "1", 1, address, LOST_AFTER, up);
  }
}
