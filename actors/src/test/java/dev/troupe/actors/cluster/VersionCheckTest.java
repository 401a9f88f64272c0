package dev.troupe.actors.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.troupe.actors.security.TransportSecurity;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.Invalid;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class VersionCheckTest {
  private static final HostPort ADDRESS = new HostPort("127.0.0.1", 7355);

  @Test
  void namesBothVersions() {
    assertThat(refusal(with(VersionCheck.KEY, ProtocolVersion.CURRENT + 1)))
        .contains("version [" + (ProtocolVersion.CURRENT + 1) + "]")
        .contains("this cluster [" + ProtocolVersion.CURRENT + "]")
        .contains("install the same version");
  }

  @Test
  void namesBothWaysToWaitForSilentNodes() {
    assertThat(refusal(with(LostAfter.KEY, 30)))
        .contains("--lost-after [30], this cluster with [8]");
  }

  @Test
  void aNodeOfTheSameKindIsWelcome() {
    assertThat(new VersionCheck().check(node(), node())).isNotInstanceOf(Invalid.class);
  }

  @Test
  void lessThanThreeHeartbeatsOrMoreThanTenMinutesOfSilenceAreRefused() {
    for (int seconds : List.of(3, 601)) {
      assertThatThrownBy(() -> new LostAfter(seconds))
          .hasMessageContaining("got [" + seconds + "], expected between 4 and 600 seconds");
    }
  }

  @Test
  void halfOfTheTimeIsTheFailureDetectorsAndHalfTheResolvers() {
    Config config =
        NodeConfig.of(
                ADDRESS,
                List.of(ADDRESS),
                Set.of(Role.HEAD),
                new TransportSecurity.Plain(),
                new LostAfter(20))
            .getConfig("pekko.cluster");

    assertThat(config.getDuration("failure-detector.acceptable-heartbeat-pause")).hasSeconds(10);
    assertThat(config.getDuration("split-brain-resolver.stable-after")).hasSeconds(10);
    assertThat(config.getDuration("split-brain-resolver.down-all-when-unstable")).hasSeconds(15);
  }

  @Test
  void theClusterTurnsAwayWhoAsksNobodyFirst(@TempDir Path directory) {
    try (TestNodes nodes = new TestNodes(directory)) {
      StartedNode head = nodes.start("head", "head");
      Config joining =
          ConfigFactory.parseMap(Map.of(VersionCheck.KEY, ProtocolVersion.CURRENT + 1))
              .withFallback(
                  NodeConfig.of(
                      new HostPort("127.0.0.1", 0),
                      List.of(nodes.first()),
                      Set.of(Role.ROLLOUT),
                      new TransportSecurity.Plain(),
                      LostAfter.DEFAULT));
      ActorSystem<Void> stranger =
          ActorSystem.create(Behaviors.empty(), NodeConfig.SYSTEM, joining);
      Cluster itsCluster = Cluster.get(stranger);
      try {
        await().atMost(Duration.ofSeconds(30)).until(() -> stranger.whenTerminated().isCompleted());

        assertThat(itsCluster.selfMember().status()).isEqualTo(MemberStatus.removed());
        assertThat(head.isUp()).isTrue();
      } finally {
        stranger.terminate();
      }
    }
  }

  @Test
  void whoWaitsForSilentNodesAsTheClusterDoesJoinsIt(@TempDir Path directory) throws Exception {
    try (TestNodes nodes = new TestNodes(directory).losing(new LostAfter(20))) {
      nodes.start("head", "head");
      StartedNode alike = nodes.start("alike", "reward");
      await().atMost(Duration.ofSeconds(30)).until(alike::isUp);

      StartedNode other = nodes.losing(LostAfter.DEFAULT).start("other", "reward");
      assertThat(other.ended().toCompletableFuture().get(30, TimeUnit.SECONDS).toString())
          .contains("was refused")
          .contains("another time than its [8] s");
    }
  }

  private static Config node() {
    return NodeConfig.of(
        ADDRESS,
        List.of(ADDRESS),
        Set.of(Role.HEAD),
        new TransportSecurity.Plain(),
        LostAfter.DEFAULT);
  }

  private static Config with(String key, Object value) {
    return ConfigFactory.parseMap(Map.of(key, value)).withFallback(node());
  }

  private static String refusal(Config joining) {
    return ((Invalid) new VersionCheck().check(joining, node())).errorMessages().mkString();
  }
}
