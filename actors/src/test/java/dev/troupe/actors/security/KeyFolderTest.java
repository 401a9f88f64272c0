package dev.troupe.actors.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KeyFolderTest {
  @TempDir Path root = Path.of("");

  private KeyFolder folder = new KeyFolder(root, TestKeys.CLOCK, new SecureRandom());

  @BeforeEach
  void begin() {
    folder = new KeyFolder(root.resolve("keys"), TestKeys.CLOCK, new SecureRandom());
  }

  @Test
  void makesKeysThatANodeAccepts() {
    folder.makeAuthority(false);

    NodeKeys made =
        folder.makeNode("head-0", List.of("10.0.0.5", "*.troupe.svc", "::1"), 30, false);

    assertThat(made.names())
        .containsExactly("head-0", "10.0.0.5", "*.troupe.svc", "0:0:0:0:0:0:0:1");
    assertThat(Duration.between(TestKeys.CLOCK.instant(), made.expires()))
        .isBetween(Duration.ofDays(29), Duration.ofDays(30));
    assertThat(folder.nodes()).containsOnlyKeys("head-0");
  }

  @Test
  void noCertificateOutlivesTheAuthority() {
    var authority = folder.makeAuthority(false);

    assertThat(folder.makeNode("a", List.of(), 20_000, false).expires())
        .isEqualTo(authority.getNotAfter().toInstant());
  }

  @Test
  void filesAreForTheirOwnerOnly() throws IOException {
    folder.makeAuthority(false);
    folder.makeNode("a", List.of(), 30, false);

    try (Stream<Path> paths = Files.walk(folder.root())) {
      for (Path path : paths.toList()) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
            .as("%s", path)
            .isEqualTo(Files.isDirectory(path) ? "rwx------" : "rw-------");
      }
    }
  }

  @Test
  void overwritesNothingUnasked() {
    folder.makeAuthority(false);
    folder.makeNode("a", List.of(), 30, false);
    String before = KeyFiles.text(folder.node("a"), "node.crt");

    assertThatThrownBy(() -> folder.makeAuthority(false))
        .hasMessageContaining("there is an authority already; --force");
    assertThatThrownBy(() -> folder.makeNode("a", List.of(), 30, false))
        .hasMessageContaining("[a] has keys already; --force renews them");
    assertThat(KeyFiles.text(folder.node("a"), "node.crt")).isEqualTo(before);
  }

  @Test
  void renewingKeepsTheHosts() {
    folder.makeAuthority(false);
    NodeKeys before = folder.makeNode("a", List.of("10.0.0.5"), 30, false);

    NodeKeys after = folder.makeNode("a", List.of(), 60, true);

    assertThat(after.names()).isEqualTo(before.names());
    assertThat(after.expires()).isAfter(before.expires());
  }

  @Test
  void refusesNodesBeforeThereIsAnAuthority() {
    assertThatThrownBy(() -> folder.makeNode("a", List.of(), 30, false))
        .hasMessageContaining("got no authority")
        .hasMessageContaining("./troupe keys init");
  }

  @Test
  void refusesNamesAndHostsThatAreNone() {
    folder.makeAuthority(false);

    assertThatThrownBy(() -> folder.makeNode("../a", List.of(), 30, false))
        .hasMessageContaining("got the node name [../a]");
    assertThatThrownBy(() -> folder.makeNode("a", List.of("host:7355"), 30, false))
        .hasMessageContaining("got the host [host:7355]")
        .hasMessageContaining("without a port");
  }
}
