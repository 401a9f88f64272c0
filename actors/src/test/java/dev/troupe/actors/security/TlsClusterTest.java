package dev.troupe.actors.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.remote.artery.tcp.SSLEngineProviderSetup;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two real nodes on loopback, each with keys of its own. */
final class TlsClusterTest {
  private static final String HOST = "127.0.0.1";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir Path root = Path.of("");

  private final LoggedLines log = new LoggedLines();
  private final List<ActorSystem<Void>> systems = new ArrayList<>();
  private TestKeys keys = new TestKeys(root);

  @BeforeEach
  void make() {
    keys = new TestKeys(root);
  }

  @AfterEach
  void end() throws Exception {
    for (ActorSystem<Void> system : systems) {
      system.terminate();
    }
    for (ActorSystem<Void> system : systems) {
      system.getWhenTerminated().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
    log.close();
  }

  @Test
  void aNodeWithKeysOfTheClusterJoins() {
    ActorSystem<Void> head = head();
    join(start(keys.node("worker", HOST)), head);

    await().atMost(PATIENCE).until(() -> members(head) == 2);
    assertThat(log.lines()).noneMatch(line -> line.startsWith("WARN"));
  }

  @Test
  void aStrangerStaysOutsideAndIsNamed() {
    Path stranger = new TestKeys(root.resolve("others")).node("stranger", HOST);

    staysOutside(start(trustingUs(stranger)), "[CN=stranger]", "a stranger", "which connected");
  }

  @Test
  void aNodeWithAnotherNameStaysOutsideAndIsNamed() {
    staysOutside(
        start(keys.node("elsewhere", "10.0.0.5")),
        "[CN=elsewhere]",
        "wrong name: got a certificate for [10.0.0.5], expected one for [" + HOST + "]");
  }

  @Test
  void aNodeWhoseCertificateExpiredStaysOutsideAndIsNamed() {
    Path late = keys.expired("late", HOST);
    ActorSystemSetup withOwnClock =
        ActorSystemSetup.create(
            BootstrapSetup.create(config(late, TestKeys.yesterday())),
            SSLEngineProviderSetup.create(_ -> new ArteryTls(new Tls(late, TestKeys.yesterday()))));

    staysOutside(
        kept(ActorSystem.create(Behaviors.empty(), "troupe", withOwnClock)),
        "[CN=late]",
        "it expired at [");
  }

  @Test
  void aNodeWithoutKeysStaysOutside() {
    ActorSystem<Void> head = head();
    ActorSystem<Void> plain =
        kept(ActorSystem.create(Behaviors.empty(), "troupe", base().resolve()));
    join(plain, head);

    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(log.lines())
                    .anyMatch(
                        line -> line.startsWith("WARN refused a connection to the cluster's")));
    assertThat(members(head)).isEqualTo(1);
    assertThat(members(plain)).isZero();
  }

  private void staysOutside(ActorSystem<Void> other, String... words) {
    ActorSystem<Void> head = head();
    join(other, head);

    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(log.lines())
                    .anySatisfy(
                        line -> assertThat(line).startsWith("WARN refused").contains(words)));
    await().during(Duration.ofSeconds(1)).atMost(PATIENCE).until(() -> members(head) == 1);
  }

  private ActorSystem<Void> head() {
    ActorSystem<Void> head = start(keys.node("head", HOST));
    join(head, head);
    await().atMost(PATIENCE).until(() -> members(head) == 1);
    return head;
  }

  private ActorSystem<Void> start(Path folder) {
    return kept(ActorSystem.create(Behaviors.empty(), "troupe", config(folder, TestKeys.CLOCK)));
  }

  private ActorSystem<Void> kept(ActorSystem<Void> system) {
    systems.add(system);
    return system;
  }

  private static void join(ActorSystem<Void> node, ActorSystem<Void> head) {
    Cluster.get(node).manager().tell(Join.create(Cluster.get(head).selfMember().address()));
  }

  private static long members(ActorSystem<Void> system) {
    long members = 0;
    for (var member : Cluster.get(system).state().getMembers()) {
      members += member.status().equals(MemberStatus.up()) ? 1 : 0;
    }
    return members;
  }

  /** TLS as a node has it; the names in {@code folder} needn't fit. */
  private static Config config(Path folder, InstantSource clock) {
    return TransportSecurity.of("0.0.0.0", Optional.of(folder), clock)
        .pekko()
        .withFallback(base())
        .resolve();
  }

  private static Config base() {
    return ConfigFactory.parseResourcesAnySyntax("troupe-cluster")
        .withFallback(ConfigFactory.defaultReference());
  }

  /** Its own certificate, and trust in our cluster, as somebody who wants in would have. */
  private Path trustingUs(Path stranger) {
    TestKeys.put(
        stranger,
        "ca.crt",
        KeyFiles.text(stranger, "ca.crt") + Pem.text(keys.authority.certificate()));
    return stranger;
  }
}
