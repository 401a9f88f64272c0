package dev.troupe.actors.security;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two ends of real connections on loopback. */
final class TlsTest {
  private static final String HOST = "127.0.0.1";

  @TempDir Path root = Path.of("");

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final LoggedLines log = new LoggedLines();
  private volatile Instant now = TestKeys.CLOCK.instant();
  private final InstantSource clock = () -> now;
  private TestKeys keys = new TestKeys(root);
  private Path folder = Path.of("");

  @BeforeEach
  void make() {
    keys = new TestKeys(root);
    folder = keys.node("server", HOST);
  }

  @AfterEach
  void end() {
    threads.shutdownNow();
    log.close();
  }

  @Test
  void nodesOfOneClusterTalk() throws Exception {
    assertThat(greet(new Tls(folder, clock), new Tls(keys.node("client", "c"), clock)))
        .isEqualTo("hello from CN=server to CN=client");
    assertThat(log.lines()).noneMatch(line -> line.startsWith("WARN"));
  }

  @Test
  void aStrangerIsRefusedByWhoWasDialledWithItsName() {
    Path stranger = new TestKeys(root.resolve("others")).node("stranger", HOST);

    assertThatThrownBy(() -> greet(server(), dialler(stranger, folder)));
    assertThat(log.lines())
        .anySatisfy(
            line ->
                assertThat(line)
                    .startsWith("WARN refused a node with the certificate of [CN=stranger]")
                    .contains("which connected from [" + HOST + "]", "a stranger"));
  }

  @Test
  void aStrangerIsRefusedByWhoDials() {
    Path stranger = new TestKeys(root.resolve("others")).node("stranger", HOST);

    assertThatThrownBy(() -> greet(new Tls(stranger, clock), server()));
    assertThat(log.lines())
        .anySatisfy(
            line -> assertThat(line).contains("[CN=stranger]", "which answers as [" + HOST + "]"));
  }

  @Test
  void anExpiredCertificateIsRefused() {
    Path late = keys.expired("late", HOST);

    assertThatThrownBy(() -> greet(server(), new Tls(late, TestKeys.yesterday())));
    assertThatThrownBy(() -> greet(new Tls(late, TestKeys.yesterday()), server()));
    assertThat(log.lines())
        .filteredOn(line -> line.contains("[CN=late]") && line.contains("it expired at ["))
        .hasSize(2);
  }

  @Test
  void aCertificateForAnotherHostIsRefusedByWhoDials() {
    Path elsewhere = keys.node("elsewhere", "10.0.0.5", "localhost");

    assertThatThrownBy(() -> greet(new Tls(elsewhere, clock), server()));
    assertThat(log.lines())
        .anySatisfy(
            line ->
                assertThat(line)
                    .contains("[CN=elsewhere]", "wrong name")
                    .contains("got a certificate for [10.0.0.5, localhost]")
                    .contains("expected one for [" + HOST + "]"));
  }

  @Test
  void whoShowsNoCertificateIsRefused() {
    assertThatThrownBy(
            () ->
                greet(
                    server(),
                    (socket, host) -> {
                      SSLSocket secured =
                          (SSLSocket)
                              TransportSecurity.trusting(folder, clock)
                                  .getSocketFactory()
                                  .createSocket(socket, host, socket.getPort(), true);
                      secured.startHandshake();
                      return secured;
                    }))
        .isInstanceOf(IOException.class);
  }

  @Test
  void whoSpeaksNoTlsIsRefused() {
    assertThatThrownBy(() -> greet(server(), (socket, _) -> shout(socket)))
        .hasRootCauseInstanceOf(SSLException.class);
  }

  @Test
  void renewedKeysAreUsedWithoutARestart() throws Exception {
    Tls server = new Tls(folder, clock);
    Tls client = new Tls(keys.node("client", "c"), clock);
    greet(server, client);
    replaceBy(keys.node("renewed", HOST));

    assertThat(greet(server, client)).as("looked a moment ago").contains("from CN=server");
    now = now.plus(CurrentKeys.LOOK_EVERY);
    assertThat(greet(server, client)).contains("from CN=renewed");
    assertThat(log.lines()).anyMatch(line -> line.startsWith("INFO keys of [" + folder + "] were"));
  }

  @Test
  void anAuthorityThatIsGoneIsNoLongerTrusted() throws Exception {
    Tls server = new Tls(folder, clock);
    Tls client = new Tls(keys.node("client", "c"), clock);
    greet(server, client);
    TestKeys others = new TestKeys(root.resolve("others"));
    replaceBy(others.node("server", HOST));
    now = now.plus(CurrentKeys.LOOK_EVERY);

    // Not by resuming the session of before, either.
    assertThatThrownBy(() -> greet(server, client)).isInstanceOf(IOException.class);
  }

  @Test
  void unfitKeysAreReportedOnceAndTheLastGoodOnesStay() throws Exception {
    Tls server = new Tls(folder, clock);
    Tls client = new Tls(keys.node("client", "c"), clock);
    TestKeys.copy("node.crt", keys.node("half", HOST), folder);

    for (int look = 0; look < 3; look++) {
      now = now.plus(CurrentKeys.LOOK_EVERY);
      assertThat(greet(server, client)).contains("from CN=server");
    }
    assertThat(log.lines())
        .filteredOn(line -> line.contains("aren't fit, the last good ones stay"))
        .singleElement()
        .asString()
        .contains("node.key]", "another certificate's key");

    TestKeys.copy("node.key", root.resolve("half"), folder);
    now = now.plus(CurrentKeys.LOOK_EVERY);
    assertThat(greet(server, client)).contains("from CN=half");
  }

  @Test
  void filesThatVanishLeaveTheLastGoodOnes() throws Exception {
    Tls server = new Tls(folder, clock);
    Files.delete(folder.resolve("node.key"));
    now = now.plus(CurrentKeys.LOOK_EVERY);

    assertThat(greet(server, new Tls(keys.node("client", "c"), clock))).contains("CN=server");
    assertThat(log.lines()).anyMatch(line -> line.contains("no file [node.key]"));
  }

  @Test
  void warnsOnceADayWhenTheEndIsNear() {
    Tls server = server();
    now = now.plus(Duration.ofDays(20));
    server.keys();
    now = now.plus(Duration.ofHours(1));
    server.keys();

    assertThat(log.lines())
        .filteredOn(line -> line.contains("other nodes refuse it then"))
        .singleElement()
        .asString()
        .contains("expires at [", "./troupe keys node NAME --force");

    now = now.plus(Duration.ofDays(10));
    server.keys();
    assertThat(log.lines()).anyMatch(line -> line.contains("expired at ["));
  }

  @Test
  void theSameRefusalIsLoggedOnceAMinuteWithItsNumber() {
    RefusalLog refusals = new RefusalLog(clock);
    for (int i = 0; i < 5; i++) {
      refusals.tell("x");
    }
    now = now.plus(RefusalLog.AGAIN_AFTER);
    refusals.tell("x");

    assertThat(log.lines())
        .containsExactly("WARN x", "WARN x (4 times more since it was last said)");
  }

  @Test
  void anHttpsServerShowsRenewedKeysWithoutARestart() throws Exception {
    Tls tls = new Tls(folder, clock);
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls.context()));
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    server.setExecutor(threads);
    server.start();
    try {
      assertThat(subject(server)).isEqualTo("CN=server");
      replaceBy(keys.node("renewed", HOST));
      now = now.plus(CurrentKeys.LOOK_EVERY);
      assertThat(subject(server)).isEqualTo("CN=renewed");
    } finally {
      server.stop(0);
    }
  }

  /** Whose certificate an HTTPS client finds that trusts the cluster's authority. */
  private String subject(HttpsServer server) throws Exception {
    try (HttpClient client =
        HttpClient.newBuilder().sslContext(TransportSecurity.trusting(folder, clock)).build()) {
      var answer =
          client.send(
              HttpRequest.newBuilder(
                      URI.create("https://" + HOST + ":" + server.getAddress().getPort()))
                  .build(),
              BodyHandlers.ofString());
      X509Certificate certificate =
          (X509Certificate) answer.sslSession().orElseThrow().getPeerCertificates()[0];
      return certificate.getSubjectX500Principal().getName();
    }
  }

  private Tls server() {
    return new Tls(folder, clock);
  }

  private void replaceBy(Path other) {
    for (String name : new String[] {"ca.crt", "node.crt", "node.key"}) {
      TestKeys.copy(name, other, folder);
    }
  }

  private interface Dialler {
    Socket dial(Socket socket, String host) throws IOException;
  }

  /** Shows {@code own} certificate, and trusts whom {@code trusted} trusts. */
  private Dialler dialler(Path own, Path trusted) {
    Path mixed = root.resolve("mixed");
    TestKeys.put(mixed, "ca.crt", KeyFiles.text(own, "ca.crt") + KeyFiles.text(trusted, "ca.crt"));
    TestKeys.copy("node.crt", own, mixed);
    TestKeys.copy("node.key", own, mixed);
    return dialler(new Tls(mixed, clock));
  }

  /** As weights are pulled. */
  private static Dialler dialler(Tls tls) {
    return (plain, host) -> {
      SSLSocket socket =
          (SSLSocket)
              tls.context().getSocketFactory().createSocket(plain, host, plain.getPort(), true);
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      return socket;
    };
  }

  /** As weights are served. */
  private static SSLSocket accepted(Tls tls, Socket plain) throws IOException {
    SSLSocket socket = (SSLSocket) tls.context().getSocketFactory().createSocket(plain, null, true);
    socket.setUseClientMode(false);
    socket.setNeedClientAuth(true);
    socket.startHandshake();
    return socket;
  }

  private static Socket shout(Socket socket) throws IOException {
    socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(UTF_8));
    socket.getOutputStream().flush();
    return socket;
  }

  private String greet(Tls server, Tls client) throws Exception {
    return greet(server, dialler(client));
  }

  /** What the client reads from the server, which tells both names. */
  private String greet(Tls server, Dialler client) throws Exception {
    try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var served = CompletableFuture.runAsync(() -> serve(server, listening), threads);
      try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), listening.getLocalPort());
          Socket socket = client.dial(plain, HOST)) {
        String greeting = new String(socket.getInputStream().readAllBytes(), UTF_8);
        served.get();
        return greeting;
      } catch (IOException e) {
        try {
          served.get();
        } catch (ExecutionException _) {
          // Both ends saw it.
        }
        throw e;
      }
    }
  }

  private static void serve(Tls server, ServerSocket listening) {
    try (Socket accepted = listening.accept();
        SSLSocket socket = accepted(server, accepted)) {
      String greeting =
          "hello from %s to %s"
              .formatted(
                  socket.getSession().getLocalPrincipal(), socket.getSession().getPeerPrincipal());
      socket.getOutputStream().write(greeting.getBytes(UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
