package dev.troupe.deploy.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.actors.security.KeyFolder;
import dev.troupe.actors.security.TransportSecurity;
import dev.troupe.deploy.api.Access;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TokenAccessTest {
  private static final String ELSEWHERE = "192.0.2.1";

  @TempDir Path home = Path.of("");

  @Test
  void onLoopbackNoTokenIsNeededAndNoneIsMade() {
    Access access = node("127.0.0.1");

    assertThat(access.asksForToken()).isFalse();
    assertThat(access.admits(Optional.empty())).isTrue();
    assertThat(home).isEmptyDirectory();
  }

  @Test
  void offLoopbackTheTokenInTheHomeDirectoryIsAskedFor() throws IOException {
    Access access = node(ELSEWHERE);
    Access client = client(home.resolve("api-token"), Map.of());

    assertThat(access.asksForToken()).isTrue();
    assertThat(access.admits(Optional.empty())).isFalse();
    assertThat(access.admits(client.token())).isTrue();
    assertThat(client.token().orElseThrow()).matches("[A-Za-z0-9_-]{43}");
    assertThat(access.toString()).doesNotContain(client.token().get());
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("api-token"))))
        .isEqualTo("rw-------");
  }

  @Test
  void everyWrongTokenIsRefused() {
    Access access = node(ELSEWHERE);
    String token = access.token().orElseThrow();

    for (int i = 0; i < token.length(); i++) {
      char other = token.charAt(i) == 'a' ? 'b' : 'a';
      assertThat(access.admits(Optional.of(token.substring(0, i) + other + token.substring(i + 1))))
          .isFalse();
      assertThat(access.admits(Optional.of(token.substring(0, i)))).isFalse();
    }
    assertThat(access.admits(Optional.of(token + "a"))).isFalse();
  }

  @Test
  void headsThatShareTheDirectoryShareTheToken() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Access>> heads = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        heads.add(threads.submit(() -> node(ELSEWHERE)));
      }
      Optional<String> token = heads.getFirst().get().token();
      for (Future<Access> head : heads) {
        assertThat(head.get().token()).isEqualTo(token);
      }
    }
    try (Stream<Path> files = Files.list(home)) {
      assertThat(files).containsExactly(home.resolve("api-token"));
    }
  }

  @Test
  void aCommandTakesWhatWasSaidBeforeTheEnvironment() {
    Optional<String> token = node(ELSEWHERE).token();
    Path file = home.resolve("api-token");

    assertThat(client(file, Map.of("TROUPE_TOKEN", "env")).token()).isEqualTo(token);
    assertThat(client(null, Map.of("TROUPE_TOKEN", " env ")).token()).contains("env");
    assertThat(client(null, Map.of("TROUPE_TOKEN", "")).token()).isEmpty();
    assertThat(client(null, Map.of()).tls()).isEmpty();
    assertThatThrownBy(() -> client(home.resolve("nowhere"), Map.of()))
        .hasMessageContaining("got no such file")
        .hasMessageContaining("api-token in the heads' --home directory");
  }

  @Test
  void aCommandNeedsTheAuthoritysCertificateOnly() throws IOException {
    new KeyFolder(home, Clock.systemUTC(), new SecureRandom()).makeAuthority(false);
    Files.delete(home.resolve("ca.key"));

    assertThat(client(null, Map.of("TROUPE_KEYS", home.toString())).tls()).isPresent();
    assertThatThrownBy(() -> client(null, Map.of("TROUPE_KEYS", home + "/nowhere")))
        .hasMessageContaining("got no file [ca.crt]");
  }

  @Test
  void aTokenThatOthersCanReadOrThatIsNoneIsRefused() throws IOException {
    node(ELSEWHERE);
    Path file = home.resolve("api-token");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(() -> node(ELSEWHERE))
        .hasMessageContaining("got permissions [rw-r--r--]")
        .hasMessageContaining("chmod 600");

    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    Files.writeString(file, "");
    assertThatThrownBy(() -> node(ELSEWHERE))
        .hasMessageContaining("api-token]: got something else of 0 characters")
        .hasMessageContaining("remove the file");
  }

  private Access node(String host) {
    return TokenAccess.ofNode(new TransportSecurity.Plain(), host, home, new SecureRandom());
  }

  private static Access client(@Nullable Path token, Map<String, String> environment) {
    return TokenAccess.ofClient(null, token, environment, Clock.systemUTC());
  }
}
