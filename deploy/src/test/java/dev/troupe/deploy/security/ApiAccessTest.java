package dev.troupe.deploy.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ApiAccessTest {
  private static final String ELSEWHERE = "192.0.2.1";

  @TempDir Path home = Path.of("");

  @Test
  void onLoopbackNoTokenIsNeededAndNoneIsMade() {
    assertThat(ApiAccess.of("127.0.0.1", home, new SecureRandom()).refusal(null)).isEmpty();
    assertThat(home).isEmptyDirectory();
  }

  @Test
  void offLoopbackTheTokenInTheHomeDirectoryIsAskedFor() throws IOException {
    ApiAccess access = access();
    ClientToken token = ClientToken.find(null, Map.of(), home).orElseThrow();

    assertThat(access.refusal(token.authorization())).isEmpty();
    assertThat(token.value()).matches("[A-Za-z0-9_-]{43}");
    assertThat(token.toString()).doesNotContain(token.value());
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("api-token"))))
        .isEqualTo("rw-------");
  }

  @Test
  void whoHasNoTokenIsToldWhereItLies() {
    ApiAccess access = access();

    assertThat(access.refusal(null))
        .hasValueSatisfying(
            words ->
                assertThat(words)
                    .startsWith("got [no token]")
                    .contains("api-token", "TROUPE_TOKEN", "--token"));
    assertThat(access.refusal("Basic YTpi"))
        .hasValueSatisfying(words -> assertThat(words).contains("another scheme"));
    assertThat(access.refusal("Bearer "))
        .hasValueSatisfying(words -> assertThat(words).contains("a wrong token"));
  }

  @Test
  void everyWrongTokenIsRefused() {
    ApiAccess access = access();
    String token = ClientToken.find(null, Map.of(), home).orElseThrow().value();

    for (int i = 0; i < token.length(); i++) {
      char other = token.charAt(i) == 'a' ? 'b' : 'a';
      assertThat(access.refusal("Bearer " + token.substring(0, i) + other + token.substring(i + 1)))
          .isPresent();
      assertThat(access.refusal("Bearer " + token.substring(0, i))).isPresent();
    }
    assertThat(access.refusal("Bearer " + token + "a")).isPresent();
    assertThat(access.refusal("bearer " + token)).as("schemes have no case").isEmpty();
  }

  @Test
  void headsThatShareTheDirectoryShareTheToken() throws Exception {
    try (ExecutorService heads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<ApiAccess>> started = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        started.add(heads.submit(this::access));
      }
      started.getFirst().get();
      String token = ClientToken.find(null, Map.of(), home).orElseThrow().authorization();
      for (Future<ApiAccess> head : started) {
        assertThat(head.get().refusal(token)).isEmpty();
      }
    }
    try (Stream<Path> files = Files.list(home)) {
      assertThat(files).containsExactly(home.resolve("api-token"));
    }
  }

  @Test
  void theClientTakesWhatWasSaidThenTheEnvironmentThenTheFile() {
    access();

    assertThat(ClientToken.find(" said ", Map.of("TROUPE_TOKEN", "env"), home))
        .contains(new ClientToken("said"));
    assertThat(ClientToken.find(null, Map.of("TROUPE_TOKEN", "env"), home))
        .contains(new ClientToken("env"));
    assertThat(ClientToken.find(null, Map.of("TROUPE_TOKEN", ""), home)).isPresent();
    assertThat(ClientToken.find(null, Map.of(), null)).isEmpty();
    assertThat(ClientToken.find(null, Map.of(), home.resolve("nowhere"))).isEmpty();
  }

  @Test
  void aTokenThatOthersCanReadOrThatIsNoneIsRefused() throws IOException {
    access();
    Path file = home.resolve("api-token");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(this::access)
        .hasMessageContaining("got permissions [rw-r--r--]")
        .hasMessageContaining("chmod 600");

    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    Files.writeString(file, "");
    assertThatThrownBy(this::access)
        .hasMessageContaining("api-token]: got something else of 0 characters")
        .hasMessageContaining("remove the file");
  }

  private ApiAccess access() {
    return ApiAccess.of(ELSEWHERE, home, new SecureRandom());
  }
}
