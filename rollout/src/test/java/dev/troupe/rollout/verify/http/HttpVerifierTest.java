package dev.troupe.rollout.verify.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonElement;
import com.sun.net.httpserver.HttpExchange;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.tensor.IntArray;
import dev.troupe.rollout.verify.Attempt;
import dev.troupe.rollout.verify.Attempts;
import dev.troupe.rollout.verify.settings.BadSettingsException;
import dev.troupe.rollout.verify.settings.JsonText;
import dev.troupe.rollout.verify.settings.Settings;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reward servers that do what they should, and servers that do everything else. */
@Timeout(60)
class HttpVerifierTest {
  private static final Duration LONG = Duration.ofSeconds(40);
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final String SINGLE = ",'format':'single'";
  private static final String SECRET = "s3cr3t";
  private static final String TOKEN = ",'token-variable':'REWARD_TOKEN'";

  private static HttpSettings settings(String url, String rest) {
    String text = "{'url':'" + url + "','pause':'1 ms'" + rest + "}";
    return Settings.bind(
        HttpSettings.class, JsonText.parse(text.replace('\'', '"')).getAsJsonObject());
  }

  private static HttpVerifier verifier(String url, String rest) {
    return new HttpVerifier(settings(url, rest), Map.of("REWARD_TOKEN", SECRET + "\n"));
  }

  private static List<Outcome> judge(
      StubServer server, String rest, Duration limit, String... answers) {
    try (HttpVerifier verifier = verifier(server.url(), rest)) {
      List<Attempt> attempts =
          Stream.of(answers).map(answer -> Attempts.attempt("7", answer)).toList();
      return verifier.judgeAll(attempts, limit);
    }
  }

  /** What is made of a server that answers every request with {@code text}. */
  private static Outcome said(String rest, String text) throws IOException {
    try (StubServer server = new StubServer(exchange -> StubServer.answer(exchange, 200, text))) {
      return judge(server, rest, LONG, "8").getFirst();
    }
  }

  private static String invalid(Outcome outcome) {
    return ((Outcome.Invalid) outcome).why();
  }

  private static String crashed(Outcome outcome) {
    return ((Outcome.Crashed) outcome).error();
  }

  private static JsonElement json(String text) {
    return JsonText.parse(text.replace('\'', '"'));
  }

  @Test
  void asksAsOpenRlhfDoes() throws IOException {
    try (StubServer server =
        new StubServer(exchange -> StubServer.answer(exchange, 200, "{\"rewards\":[0.5,-1]}"))) {
      try (HttpVerifier verifier = verifier(server.url(), "")) {
        List<Attempt> attempts =
            Stream.of("7", "é\n")
                .map(text -> new Attempt("3+4=", "7", text, true, IntArray.empty()))
                .toList();
        assertThat(verifier.judgeAll(attempts, LONG))
            .containsExactly(new Outcome.Scored(0.5), new Outcome.Scored(-1));
      }
      assertThat(server.requests().stream().map(JsonText::parse))
          .containsExactly(
              json("{'query':['3+4=7','3+4=é\\n'],'prompts':['3+4=','3+4='],'labels':['7','7']}"));
      assertThat(server.header("Content-Type")).contains("application/json");
      assertThat(server.header("Authorization")).isEmpty();
    }
  }

  @Test
  void asksAsSlimeDoes() throws IOException {
    try (StubServer server = new StubServer(exchange -> StubServer.answer(exchange, 200, "2"))) {
      assertThat(judge(server, SINGLE, LONG, "8", "9"))
          .containsExactly(new Outcome.Scored(2), new Outcome.Scored(2));
      assertThat(server.requests().stream().map(JsonText::parse))
          .containsExactly(
              json("{'prompt':'','response':'8','label':'7'}"),
              json("{'prompt':'','response':'9','label':'7'}"));
    }
  }

  @Test
  void understandsTheFormsThatServersAnswerIn() throws IOException {
    Outcome half = new Outcome.Scored(0.5);
    Outcome parted =
        new Outcome.Scored(
            0.5,
            List.of(new Outcome.Part("form", 1), new Outcome.Part("digits", -2)),
            Optional.empty());
    String object = "{\"score\": 0.5, \"parts\": {\"form\": 1, \"digits\": -2}}";

    assertThat(said("", "{\"rewards\": [0.5], \"scores\": [1]}")).isEqualTo(half);
    assertThat(said("", "{\"scores\": [0.5]}")).isEqualTo(half);
    assertThat(said("", " [0.5]\n")).isEqualTo(half);
    assertThat(said("", "[" + object + "]")).isEqualTo(parted);
    assertThat(said(SINGLE, "0.5")).isEqualTo(half);
    assertThat(said(SINGLE, "{\"score\": 0.5}")).isEqualTo(half);
    assertThat(said(SINGLE, object)).isEqualTo(parted);
  }

  @Test
  void sendsAtMostABatchAtATime() throws IOException {
    try (StubServer server =
        new StubServer(exchange -> StubServer.answer(exchange, 200, "[1,1]"))) {
      assertThat(judge(server, ",'batch':2", LONG, "1", "2", "3", "4"))
          .containsOnly(new Outcome.Scored(1));
      assertThat(server.requests()).hasSize(2);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<html>it works</html>",
        "",
        "{}",
        "null",
        "\"1\"",
        "[\"1\"]",
        "[null]",
        "[true]",
        "[NaN]",
        "[1e999]",
        "[[1]]",
        "[]",
        "[1, 1]",
        "[1] [1]",
        "{\"rewards\": 1}",
        "[{\"score\": \"high\"}]",
        "[{\"score\": 1, \"parts\": [1]}]",
        "[{\"score\": 1, \"parts\": {\"form\": \"good\"}}]"
      })
  void whatIsNoScoreIsInvalidAndQuoted(String text) throws IOException {
    assertThat(invalid(said("", text)))
        .contains(text.replace(": ", ":").replace(", ", ",").strip());
    assertThat(said(SINGLE, text)).isInstanceOf(Outcome.Invalid.class);
  }

  @Test
  void aScoreThatIsNoneLeavesTheOthers() throws IOException {
    try (StubServer server =
        new StubServer(exchange -> StubServer.answer(exchange, 200, "[1, null, 2]"))) {
      List<Outcome> outcomes = judge(server, "", LONG, "1", "2", "3");
      assertThat(outcomes).first().isEqualTo(new Outcome.Scored(1));
      assertThat(outcomes).last().isEqualTo(new Outcome.Scored(2));
      assertThat(invalid(outcomes.get(1))).contains("[null], expected a finite number");
    }
  }

  @Test
  void tooFewRewardsAreInvalidForAllOfThem() throws IOException {
    try (StubServer server =
        new StubServer(exchange -> StubServer.answer(exchange, 200, "[1,2]"))) {
      assertThat(judge(server, "", LONG, "1", "2", "3"))
          .containsOnly(
              new Outcome.Invalid("the server returned [2] rewards for [3] answers: [[1,2]]"));
    }
  }

  @Test
  void anEndlessResponseIsReadUpToItsBound() throws IOException {
    try (StubServer server =
        new StubServer(
            exchange -> {
              exchange.sendResponseHeaders(200, 0);
              try (OutputStream body = exchange.getResponseBody()) {
                while (true) {
                  body.write("[1,".repeat(1_000).getBytes(StandardCharsets.UTF_8));
                }
              }
            })) {
      Outcome outcome = judge(server, ",'response':64", LONG, "8").getFirst();
      assertThat(invalid(outcome))
          .startsWith("the server returned more than [64] KB")
          .contains("[1,[1,");
    }
  }

  @Test
  void aServerThatRecoversIsAskedAgain() throws IOException {
    try (StubServer server =
        new StubServer(
            exchange -> StubServer.answer(exchange, 500, "loading"),
            exchange -> StubServer.answer(exchange, 429, "busy"),
            StubServer::cut,
            exchange -> StubServer.answer(exchange, 200, "[3]"))) {
      assertThat(judge(server, "", LONG, "8")).containsExactly(new Outcome.Scored(3));
      assertThat(server.requests()).hasSize(4);
    }
  }

  @Test
  void aServerThatDoesNotRecoverIsNamedWithWhatItSaid() throws IOException {
    try (StubServer server =
        new StubServer(exchange -> StubServer.answer(exchange, 503, "out of memory"))) {
      List<Outcome> outcomes = judge(server, ",'retries':2", LONG, "8", "9");
      assertThat(outcomes).hasSize(2);
      assertThat(crashed(outcomes.getLast()))
          .isEqualTo(
              "reward server ["
                  + server.url()
                  + "]: it answered [503] [out of memory], [3] tries; see to that server, or swap"
                  + " the verifier");
      assertThat(server.requests()).hasSize(3);
    }
  }

  @Test
  void aConnectionCutWithinTheResponseIsNotAnAnswer() throws IOException {
    try (StubServer server = new StubServer(StubServer::cut)) {
      Outcome outcome = judge(server, ",'retries':1", LONG, "8").getFirst();
      assertThat(crashed(outcome)).contains("the connection broke", "[2] tries");
      assertThat(server.requests()).hasSize(2);
    }
  }

  @Test
  void nobodyAtTheAddressIsACrashThatSaysSo() throws IOException {
    int port = freePort();
    try (HttpVerifier verifier = verifier("http://127.0.0.1:" + port + "/score", "")) {
      assertThat(crashed(verifier.judge(Attempts.attempt("7", "8"))))
          .contains("[http://127.0.0.1:" + port + "/score]: no connection", "[4] tries");
      assertThatThrownBy(verifier::check)
          .isInstanceOf(BadSettingsException.class)
          .hasMessageStartingWith("url: got [http://127.0.0.1:" + port + "/score], expected")
          .hasMessageContaining("refused");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 404, 422})
  void aRequestThatTheServerRefusesIsNotRepeated(int status) throws IOException {
    try (StubServer server =
        new StubServer(exchange -> StubServer.answer(exchange, status, "no such field"))) {
      assertThat(crashed(judge(server, "", LONG, "8").getFirst()))
          .contains("it answered [" + status + "] [no such field];");
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void aRedirectionIsNotFollowed() throws IOException {
    try (StubServer other = new StubServer(exchange -> StubServer.answer(exchange, 200, "[1]"));
        StubServer server = new StubServer(exchange -> redirect(exchange, other.url()))) {
      assertThat(crashed(judge(server, TOKEN, LONG, "8").getFirst()))
          .contains("[307]", "[" + other.url() + "]");
      assertThat(other.requests()).isEmpty();
    }
  }

  @Test
  void aSlowServerTimesOut() throws IOException {
    try (StubServer server = new StubServer(StubServer::neverAnswer)) {
      assertThat(judge(server, "", SHORT, "8", "9")).containsOnly(new Outcome.TimedOut(SHORT));
    }
  }

  @Test
  void whatIsGivenUpIsHungUp() throws IOException, InterruptedException {
    CountDownLatch hungUp = new CountDownLatch(1);
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        HttpVerifier verifier =
            verifier("http://127.0.0.1:" + server.getLocalPort() + "/score", "")) {
      Thread.startVirtualThread(
          () -> {
            try (Socket client = server.accept()) {
              client.getInputStream().transferTo(OutputStream.nullOutputStream());
            } catch (IOException _) {
              // Hung up without a word.
            }
            hungUp.countDown();
          });
      assertThat(verifier.judgeAll(List.of(Attempts.attempt("7", "8")), SHORT))
          .containsExactly(new Outcome.TimedOut(SHORT));
      assertThat(hungUp.await(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void aResponseThatDoesNotEndTimesOut() throws IOException {
    try (StubServer server =
        new StubServer(
            exchange -> {
              exchange.sendResponseHeaders(200, 0);
              exchange.getResponseBody().write('[');
              exchange.getResponseBody().flush();
              StubServer.neverAnswer(exchange);
            })) {
      assertThat(judge(server, "", SHORT, "8")).containsExactly(new Outcome.TimedOut(SHORT));
    }
  }

  @Test
  void theLimitHoldsForPausesToo() throws IOException {
    try (StubServer server = new StubServer(exchange -> StubServer.answer(exchange, 500, ""))) {
      HttpSettings patient =
          Settings.bind(
              HttpSettings.class,
              json("{'url':'" + server.url() + "','retries':20,'pause':'5 s'}").getAsJsonObject());
      try (HttpVerifier verifier = new HttpVerifier(patient, Map.of())) {
        assertThat(verifier.judgeAll(List.of(Attempts.attempt("7", "8")), SHORT))
            .containsExactly(new Outcome.TimedOut(SHORT));
      }
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void whoeverWaitsCanBeInterrupted() throws IOException {
    try (StubServer server = new StubServer(StubServer::neverAnswer);
        HttpVerifier verifier = verifier(server.url(), SINGLE)) {
      Thread.currentThread().interrupt();
      Outcome outcome = verifier.judge(Attempts.attempt("7", "8"));
      assertThat(Thread.interrupted()).isTrue();
      assertThat(crashed(outcome)).contains("interrupted");
    }
  }

  @Test
  void goesOnAfterItWasClosed() throws IOException {
    try (StubServer server = new StubServer(exchange -> StubServer.answer(exchange, 200, "[1]"))) {
      HttpVerifier verifier = verifier(server.url(), "");
      verifier.check();
      for (int i = 0; i < 2; i++) {
        assertThat(verifier.judge(Attempts.attempt("7", "8"))).isEqualTo(new Outcome.Scored(1));
        verifier.close();
      }
    }
  }

  @Test
  void theTokenComesFromTheEnvironmentAndGoesToTheServerOnly() throws IOException {
    try (StubServer server =
        new StubServer(exchange -> StubServer.answer(exchange, 403, "not " + SECRET))) {
      Outcome outcome = judge(server, TOKEN, LONG, "8").getFirst();
      assertThat(server.header("Authorization")).contains("Bearer " + SECRET);
      assertThat(crashed(outcome)).contains("[403] [not …]").doesNotContain(SECRET);

      assertThat(judge(server, TOKEN + ",'header':'X-Api-Key'", LONG, "8")).hasSize(1);
      assertThat(server.header("X-Api-Key")).contains(SECRET);
      assertThat(server.header("Authorization")).isEmpty();
      assertThat(Settings.written(settings(server.url(), TOKEN)).toString())
          .contains("REWARD_TOKEN")
          .doesNotContain(SECRET);
    }
  }

  @Test
  void aTokenThatIsMissingOrUnusableIsSaidWithoutAskingOrShowingIt() throws IOException {
    try (StubServer server = new StubServer(exchange -> StubServer.answer(exchange, 200, "[1]"))) {
      HttpSettings settings = settings(server.url(), TOKEN);
      for (Map<String, String> variables :
          List.<Map<String, String>>of(Map.of(), Map.of("REWARD_TOKEN", "s3cr3t\u0007x"))) {
        try (HttpVerifier verifier = new HttpVerifier(settings, variables)) {
          assertThat(crashed(verifier.judge(Attempts.attempt("7", "8"))))
              .contains("environment variable [REWARD_TOKEN]")
              .doesNotContain(SECRET);
          assertThatThrownBy(verifier::check)
              .hasMessageStartingWith("token-variable: got [REWARD_TOKEN]");
        }
      }
      assertThat(server.requests()).isEmpty();
    }
  }

  @Test
  void settingsThatCannotBeAreRefused() {
    for (String url :
        List.of("localhost:80", "ftp://host/x", "http://", "http://me:pw@host/", "x y")) {
      assertThatThrownBy(() -> settings(url, "")).hasMessageStartingWith("url: got [" + url + "]");
    }
    for (String rest :
        List.of(
            "'batch':0",
            "'batch':5000",
            "'retries':21",
            "'connect-limit':'2 minutes'",
            "'connect-limit':'0.5 ms'",
            "'response':0",
            "'header':'Host'",
            "'header':'two words'",
            "'format':'trl'")) {
      String name = rest.substring(1, rest.indexOf("':"));
      assertThatThrownBy(() -> settings("http://host/", "," + rest))
          .hasMessageStartingWith(name + ": got [");
    }
  }

  private static void redirect(HttpExchange exchange, String url) throws IOException {
    exchange.getResponseHeaders().add("Location", url);
    exchange.sendResponseHeaders(307, -1);
    exchange.close();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
