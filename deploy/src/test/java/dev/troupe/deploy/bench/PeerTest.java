package dev.troupe.deploy.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PeerTest {
  @TempDir Path folder = Path.of("");

  @Test
  void takesTheRateOfTheLastLineWhateverIsCounted() throws IOException {
    assertThat(
            peer("echo a warning; echo '{\"completionsPerSecond\": 207.5}'")
                .measure("trl", List.of()))
        .hasValue(207.5);
    assertThat(peer("echo '{\"tokensPerSecond\": 4300}'").measure("train", List.of()))
        .hasValue(4_300);
  }

  @Test
  void whatThatPythonCannotDoHasNoRate() throws IOException {
    assertThat(peer("echo no module named trl >&2; exit 1").measure("trl", List.of())).isEmpty();
    assertThat(peer("echo nonsense").measure("loop", List.of())).isEmpty();
    assertThat(peer("echo '{\"seconds\": 3}'").measure("loop", List.of())).isEmpty();
  }

  /** A Python that does {@code what} with whatever script it is given. */
  private Peer peer(String what) throws IOException {
    Path python = Files.writeString(folder.resolve("python"), "#!/bin/sh\n" + what + "\n");
    Files.setPosixFilePermissions(python, PosixFilePermissions.fromString("rwx------"));
    return new Peer(python);
  }
}
