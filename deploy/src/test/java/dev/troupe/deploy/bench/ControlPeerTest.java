package dev.troupe.deploy.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.deploy.bench.ControlPeer.Rates;
import dev.troupe.deploy.bench.ControlPeer.Trained;
import dev.troupe.deploy.bench.ControlPeer.Trainer;
import dev.troupe.deploy.bench.ControlPeer.Vector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ControlPeerTest {
  @TempDir Path folder = Path.of("");

  @Test
  void readsWhatATrainingCameTo() throws IOException, PeerException {
    ControlPeer peer =
        peer(
            "[ \"$2 $3 $4\" = 'ppo sb3 7' ] && echo '{\"seconds\": 2.0, \"processorSeconds\": 1.5,"
                + " \"steps\": 3000, \"solved\": true}'");

    Trained trained = peer.train(Trainer.SB3, 7);

    assertThat(trained.stepsPerSecond()).isEqualTo(1_500);
    assertThat(trained.processorSeconds()).isEqualTo(1.5);
    assertThat(trained.solved()).isTrue();
    assertThat(trained.processSeconds()).isPositive();
  }

  @Test
  void readsRatesOfTheVectorThatItAskedFor() throws IOException, PeerException {
    ControlPeer peer =
        peer(
            "[ \"$2 $3 $4 $5\" = 'sampling envpool CartPole-v1 64' ]"
                + " && echo '{\"clock\": 10.0, \"processor\": 20.0}'");

    assertThat(peer.sampling(Vector.ENVPOOL, "CartPole-v1", 64)).isEqualTo(new Rates(10, 20));
  }

  @Test
  void namesThePackageThatIsMissing() throws IOException {
    ControlPeer peer = peer("echo '{\"missing\": \"envpool\"}'");

    assertThatThrownBy(() -> peer.steps(Vector.ENVPOOL, "CartPole-v1", 8))
        .isInstanceOf(PeerException.class)
        .hasMessageEndingWith("has no package [envpool]");
  }

  @Test
  void saysTheLastWordsOfAFailure() throws IOException {
    ControlPeer peer = peer("echo one >&2; echo 'ValueError: no such id' >&2; exit 1");

    assertThatThrownBy(() -> peer.train(Trainer.CLEANRL, 1))
        .isInstanceOf(PeerException.class)
        .hasMessage("it failed: ValueError: no such id");
  }

  /** A Python that does {@code what} with the script that it is given and its words. */
  private ControlPeer peer(String what) throws IOException {
    Path python = Files.writeString(folder.resolve("python"), "#!/bin/sh\n" + what + "\n");
    Files.setPosixFilePermissions(python, PosixFilePermissions.fromString("rwx------"));
    return new ControlPeer(python);
  }
}
