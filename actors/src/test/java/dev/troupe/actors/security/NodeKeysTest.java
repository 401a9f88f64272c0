package dev.troupe.actors.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every way in which key files may be unfit is named, with the file and the remedy. */
final class NodeKeysTest {
  @TempDir Path root = Path.of("");

  private Path good = Path.of("");
  private TestKeys keys = new TestKeys(root);

  @BeforeEach
  void make() {
    keys = new TestKeys(root);
    good = keys.node("good", "10.0.0.5", "good.example.org");
  }

  @Test
  void readsWhatIsFit() {
    NodeKeys read = NodeKeys.read(good, TestKeys.CLOCK.instant());

    assertThat(read.names()).containsExactly("10.0.0.5", "good.example.org");
    assertThat(read.expires()).isAfter(TestKeys.CLOCK.instant().plus(Duration.ofDays(29)));
    assertThat(read.toString()).contains("good.example.org").doesNotContain("PRIVATE");
  }

  @Test
  void refusesAFolderWithoutAFile() throws IOException {
    Files.delete(good.resolve("node.key"));

    refuses("no file [node.key]", "[ca.crt], [node.crt] and [node.key]", "./troupe keys node NAME");
  }

  @Test
  void refusesAnExpiredCertificate() {
    TestKeys.copy("node.crt", keys.expired("late", "late"), good);

    refuses("node.crt]", "that expired at [", "expected one that is valid now", "--force");
  }

  @Test
  void refusesACertificateOfTheFuture() {
    Instant now = TestKeys.CLOCK.instant();
    Path early = keys.node("early", now.plusSeconds(3_600), now.plusSeconds(7_200), "early");
    TestKeys.copy("node.crt", early, good);

    refuses("node.crt]", "not valid before [", "clock");
  }

  @Test
  void refusesAnotherCertificatesKey() {
    TestKeys.copy("node.key", keys.node("other", "other"), good);

    refuses("node.key]", "another certificate's key", "expected that of [CN=good]");
  }

  @Test
  void refusesAnotherAuthority() {
    TestKeys.copy("ca.crt", new TestKeys(root.resolve("strangers")).node("a", "a"), good);

    refuses(
        "node.crt]",
        "that [" + keys.authority.certificate().getSubjectX500Principal() + "] signed",
        "expected one signed by [[CN=Troupe authority",
        "ca.crt");
  }

  @Test
  void acceptsOneOfSeveralAuthorities() {
    Path strangers = new TestKeys(root.resolve("strangers")).node("a", "a");
    TestKeys.put(
        good,
        "ca.crt",
        KeyFiles.text(strangers, "ca.crt") + "# and ours\n" + KeyFiles.text(good, "ca.crt"));

    assertThat(NodeKeys.read(good, TestKeys.CLOCK.instant()).authorities()).hasSize(2);
  }

  @Test
  void refusesANodesCertificateAsAuthority() {
    TestKeys.put(good, "ca.crt", KeyFiles.text(good, "node.crt"));

    refuses("ca.crt]", "[CN=good]", "expected one of an authority");
  }

  @Test
  void refusesTheAuthoritysOwnCertificateAsANodes() {
    TestKeys.put(good, "node.crt", KeyFiles.text(good, "ca.crt"));
    TestKeys.put(good, "node.key", Pem.text(keys.authority.key()));

    refuses("node.crt]", "an authority's own rights", "serverAuth and clientAuth");
  }

  @Test
  void acceptsKeysOfACompanysAuthority() throws Exception {
    new ForeignAuthority().issue(good, ForeignAuthority.BOTH, List.of("a.example.org"));

    assertThat(NodeKeys.read(good, TestKeys.CLOCK.instant()).names())
        .containsExactly("a.example.org");
  }

  @Test
  void refusesACertificateThatNamesNoHost() throws Exception {
    new ForeignAuthority().issue(good, ForeignAuthority.BOTH, List.of());

    refuses("node.crt]", "without subject alternative names", "--host HOST");
  }

  @Test
  void refusesACertificateForServersOnly() throws Exception {
    new ForeignAuthority()
        .issue(good, List.of(KeyPurposeId.id_kp_serverAuth), List.of("a.example.org"));

    refuses("node.crt]", "extended key usage [1.3.6.1.5.5.7.3.1]", "clientAuth");
  }

  @Test
  void refusesAKeyThatOthersCanRead() throws IOException {
    Files.setPosixFilePermissions(
        good.resolve("node.key"), PosixFilePermissions.fromString("rw-r--r--"));

    refuses("node.key]", "got permissions [rw-r--r--]", "chmod 600");
  }

  @Test
  void refusesOtherFormsOfKeysWithTheCommandThatTurnsThem() {
    TestKeys.put(
        good, "node.key", "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n");

    refuses("got [EC PRIVATE KEY]", "PKCS#8", "openssl pkcs8 -topk8 -nocrypt");
  }

  @Test
  void refusesWhatIsNoPem() {
    TestKeys.put(good, "ca.crt", "hello");
    refuses("ca.crt]", "got [something that is no PEM text]", "-----BEGIN CERTIFICATE-----");

    TestKeys.put(good, "ca.crt", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    refuses("ca.crt]", "a damaged certificate");

    TestKeys.put(good, "ca.crt", "");
    refuses("got [an empty file]");
  }

  private void refuses(String... words) {
    assertThatThrownBy(() -> NodeKeys.read(good, TestKeys.CLOCK.instant()))
        .isInstanceOf(KeysException.class)
        .hasMessageContainingAll(words);
  }
}
