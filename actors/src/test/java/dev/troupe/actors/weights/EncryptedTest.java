package dev.troupe.actors.weights;

import static dev.troupe.actors.weights.WeightsFixture.QUICK;
import static dev.troupe.actors.weights.WeightsFixture.complete;
import static dev.troupe.actors.weights.WeightsFixture.publish;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.actors.security.KeyFolder;
import dev.troupe.actors.security.TransportSecurity;
import dev.troupe.actors.weights.WeightsFixture.Node;
import dev.troupe.protocol.policy.PolicyManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(90)
final class EncryptedTest {
  @TempDir Path folder;
  private WeightsFixture nodes;

  @BeforeEach
  void open() {
    nodes = new WeightsFixture(folder);
  }

  @AfterEach
  void close() throws Exception {
    nodes.closeAll();
  }

  @Test
  void weightsPassBetweenNodesThatTrustEachOther() throws Exception {
    TransportSecurity tls = keys("127.0.0.1");
    Node learner = nodes.node("learner", QUICK, tls);
    Node worker = nodes.node("worker", QUICK, tls);
    PolicyManifest manifest = publish(learner.store(), 1, 40);

    PullOutcome.Complete pulled = complete(worker.pull(manifest, learner.source(true)));

    pulled.file().close();
    assertThat(pulled.fetched()).isEqualTo(40);
  }

  @Test
  void whoeverShowsNoCertificateIsRefused() throws Exception {
    Node learner = nodes.node("learner", QUICK, keys("127.0.0.1"));
    PolicyManifest manifest = publish(learner.store(), 1, 40);

    PullOutcome outcome = nodes.node("plain").pull(manifest, learner.source(true));

    assertThat(outcome).isInstanceOf(PullOutcome.Failed.class);
    assertThat(learner.server().bytesSent()).isZero();
  }

  @Test
  void aStrangersCertificateIsRefused() throws Exception {
    Node learner = nodes.node("learner", QUICK, keys("127.0.0.1"));
    Node stranger = nodes.node("stranger", QUICK, keys("127.0.0.1"));
    PolicyManifest manifest = publish(learner.store(), 1, 40);

    PullOutcome outcome = stranger.pull(manifest, learner.source(true));

    assertThat(outcome).isInstanceOf(PullOutcome.Failed.class);
    assertThat(learner.server().bytesSent()).isZero();
  }

  @Test
  void aCertificateOfAnotherNameIsRefused() throws Exception {
    TransportSecurity tls = keys("127.0.0.99");
    Node learner = nodes.node("learner", QUICK, tls);
    Node worker = nodes.node("worker", QUICK, tls);
    PolicyManifest manifest = publish(learner.store(), 1, 40);

    PullOutcome outcome = worker.pull(manifest, learner.source(true));

    assertThat(outcome).isInstanceOf(PullOutcome.Failed.class);
    assertThat(((PullOutcome.Failed) outcome).why()).contains("127.0.0.1");
    assertThat(learner.server().bytesSent()).isZero();
  }

  /** Keys of an authority of their own. */
  private TransportSecurity keys(String host) throws IOException {
    KeyFolder keys =
        new KeyFolder(
            Files.createTempDirectory(folder, "keys"), InstantSource.system(), new SecureRandom());
    keys.makeAuthority(false);
    keys.makeNode("node", List.of(host), 1, false);
    return TransportSecurity.of(host, Optional.of(keys.node("node")), InstantSource.system());
  }
}
