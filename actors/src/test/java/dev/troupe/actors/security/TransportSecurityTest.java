package dev.troupe.actors.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TransportSecurityTest {
  @TempDir Path root = Path.of("");

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "127.8.9.10", "::1", "localhost"})
  void loopbackWithoutKeysIsPlain(String host) {
    TransportSecurity security = without(host);

    assertThat(security).isEqualTo(new TransportSecurity.Plain());
    assertThat(security.pekko().isEmpty()).isTrue();
    assertThat(security.context()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "10.0.0.5", "192.0.2.1"})
  void aNodeThatOthersCanReachDoesNotStartWithoutKeys(String host) {
    assertThatThrownBy(() -> without(host))
        .isInstanceOf(KeysException.class)
        .hasMessageContainingAll(
            "a node on [" + host + "] can be reached from other machines",
            "./troupe keys init",
            "./troupe keys node NAME --host " + host,
            "--keys FOLDER",
            "--bind 127.0.0.1:7355");
  }

  @Test
  void keysAreUsedOnLoopback() {
    TransportSecurity security = with("127.0.0.1", new TestKeys(root).node("a", "127.0.0.1"));

    assertThat(security.pekko().getString("pekko.remote.artery.transport")).isEqualTo("tls-tcp");
    assertThat(security.context()).isPresent();
    assertThat(security.expires()).isPresent();
  }

  @Test
  void aCertificateForAnotherHostIsRefusedBeforeOthersRefuseIt() {
    Path keys = new TestKeys(root).node("a", "10.0.0.5", "a.example.org");

    assertThatThrownBy(() -> with("127.0.0.1", keys))
        .hasMessageContainingAll(
            "node.crt]: got a certificate for [10.0.0.5, a.example.org]",
            "expected one for [127.0.0.1]",
            "./troupe keys node NAME --host 127.0.0.1 --force");
  }

  @Test
  void whoListensEverywhereMayHaveAnyName() {
    assertThat(with("0.0.0.0", new TestKeys(root).node("a", "a.example.org")))
        .isInstanceOf(TransportSecurity.MutualTls.class);
  }

  @Test
  void unfitKeysAreRefused() {
    assertThatThrownBy(() -> with("127.0.0.1", root.resolve("nowhere")))
        .hasMessageContaining("got no file [ca.crt]");
    assertThatThrownBy(() -> with("127.0.0.1", new TestKeys(root).expired("a", "127.0.0.1")))
        .hasMessageContaining("expired");
  }

  @Test
  void anUnknownHostIsNamed() {
    assertThatThrownBy(() -> without("no-such-host.invalid"))
        .hasMessageContaining("host [no-such-host.invalid] is unknown on this machine");
  }

  @Test
  void wildcardsStandForOneLabel() {
    Path keys = new TestKeys(root).node("a", "*.127.invalid");
    var names = NodeKeys.read(keys, TestKeys.CLOCK.instant()).names();

    assertThat(Names.match(names, "head-0.127.INVALID")).isTrue();
    assertThat(Names.match(names, "a.b.127.invalid")).isFalse();
    assertThat(Names.match(names, "127.invalid")).isFalse();
  }

  private static TransportSecurity without(String host) {
    return TransportSecurity.of(host, Optional.empty(), TestKeys.CLOCK);
  }

  private static TransportSecurity with(String host, Path keys) {
    return TransportSecurity.of(host, Optional.of(keys), TestKeys.CLOCK);
  }
}
