package dev.troupe.deploy.page;

import com.google.gson.JsonObject;
import com.sun.net.httpserver.HttpExchange;
import dev.troupe.actors.cluster.Answer;
import dev.troupe.actors.run.RewardOrder;
import dev.troupe.deploy.reward.RewardOrderJson;
import java.io.IOException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * What may be told to the run of this process: {@code POST /api/run/pause|continue|reward}, by who
 * shows the token of {@link PageFile}. A page of another site can't: it knows no token.
 */
public record PageOrders(
    String token,
    Runnable pause,
    Runnable goOn,
    Function<RewardOrder, CompletionStage<Answer>> reward) {
  private static final int BODY_MAX = 4 << 20;
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(25);

  void handle(HttpExchange exchange, String path) throws IOException {
    String shown = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
    if (!MessageDigest.isEqual(RunPage.bytes(shown), RunPage.bytes("Bearer " + token))) {
      say(exchange, 401, "error", "orders need the token in the run's page.json");
      return;
    }
    switch (path) {
      case "/api/run/pause" -> {
        pause.run();
        say(exchange, 200, "done", "the run begins nothing new until it goes on");
      }
      case "/api/run/continue" -> {
        goOn.run();
        say(exchange, 200, "done", "the run goes on");
      }
      case "/api/run/reward" -> reward(exchange);
      default -> say(exchange, 404, "error", "there is nothing at [" + path + "]");
    }
  }

  private void reward(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readNBytes(BODY_MAX + 1);
    if (body.length > BODY_MAX) {
      say(exchange, 413, "error", "the body is longer than [" + BODY_MAX + "] bytes");
      return;
    }
    RewardOrder order;
    try {
      order = RewardOrderJson.read(body);
    } catch (IllegalArgumentException e) {
      say(exchange, 400, "error", String.valueOf(e.getMessage()));
      return;
    }
    try {
      Answer answer =
          reward
              .apply(order)
              .toCompletableFuture()
              .orTimeout(ANSWER_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
              .join();
      switch (answer) {
        case Answer.Done(String words) -> say(exchange, 200, "done", words);
        case Answer.Refused(String words) -> say(exchange, 409, "error", words);
      }
    } catch (CompletionException e) {
      say(exchange, 503, "error", "the run gave no answer: " + e.getCause());
    }
  }

  private static void say(HttpExchange exchange, int status, String kind, String words)
      throws IOException {
    JsonObject json = new JsonObject();
    json.addProperty(kind, words);
    RunPage.send(exchange, status, "application/json", RunPage.bytes(json + "\n"));
  }
}
