package dev.troupe.rollout.verify.http;

import com.google.gson.JsonParseException;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.rollout.verify.Attempt;
import dev.troupe.rollout.verify.Rule;
import dev.troupe.rollout.verify.VerifierKind;
import dev.troupe.rollout.verify.settings.BadSettingsException;
import dev.troupe.rollout.verify.settings.JsonText;
import dev.troupe.rollout.verify.settings.SettingProblem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * Asks a reward server.
 *
 * <pre>
 * a finite number                        → Scored
 * anything else, too few, too long       → Invalid, with what it was
 * no connection, a broken one, 429, 5xx  → Crashed, after the retries
 * redirected, any other 4xx, no token    → Crashed, at once
 * nothing within the limit               → TimedOut
 * </pre>
 *
 * <p>The limit holds for a request, with its retries and their pauses.
 */
public final class HttpVerifier implements Rule {
  public static final VerifierKind<HttpSettings> KIND =
      new VerifierKind<>(
          "http",
          "1",
          "what a reward server of yours says, over HTTP",
          "what the server wants as a label",
          HttpSettings.class,
          settings -> new HttpVerifier(settings, System.getenv()));

  private final HttpSettings settings;
  private final RewardServer server;

  /**
   * @param variables of this process, one of which may hold the token
   */
  HttpVerifier(HttpSettings settings, Map<String, String> variables) {
    this.settings = settings;
    this.server = new RewardServer(settings, variables);
  }

  /** Alone, an answer's time is minded by whoever asks, who interrupts. */
  @Override
  public Outcome judge(Attempt attempt) {
    try (Deadline never = Deadline.never()) {
      return judge(List.of(attempt), never, Duration.ZERO).getFirst();
    }
  }

  @Override
  public int together() {
    return settings.together();
  }

  @Override
  public List<Outcome> judgeAll(List<Attempt> attempts, Duration limit) {
    List<Outcome> outcomes = new ArrayList<>();
    for (int at = 0; at < attempts.size(); at += together()) {
      int end = Math.min(attempts.size(), at + together());
      try (Deadline deadline = Deadline.in(limit)) {
        outcomes.addAll(judge(attempts.subList(at, end), deadline, limit));
      }
    }
    return outcomes;
  }

  private List<Outcome> judge(List<Attempt> attempts, Deadline deadline, Duration limit) {
    Reply reply;
    try {
      reply = server.post(settings.format().request(attempts).toString(), deadline);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      reply = new Reply.Refused("interrupted while it was waited for");
    }
    return switch (reply) {
      case Reply.Said(String text) -> read(text, attempts.size());
      case Reply.TooLong(String beginning) ->
          same(attempts, new Outcome.Invalid(tooLong(beginning)));
      case Reply.Refused(String why) -> same(attempts, crashed(why, ""));
      case Reply.Failed(String why) ->
          same(attempts, crashed(why, ", [" + (settings.retries() + 1) + "] tries"));
      case Reply.Late() -> same(attempts, new Outcome.TimedOut(limit));
    };
  }

  private List<Outcome> read(String text, int count) {
    try {
      return settings.format().outcomes(JsonText.parse(text), count);
    } catch (JsonParseException _) {
      return Collections.nCopies(
          count, new Outcome.Invalid("the server returned [" + Quote.of(text) + "], not JSON"));
    }
  }

  private String tooLong(String beginning) {
    return "the server returned more than ["
        + settings.response()
        + "] KB, the setting [response]: ["
        + beginning
        + "]";
  }

  private Outcome crashed(String why, String tries) {
    return new Outcome.Crashed(
        "reward server ["
            + settings.url()
            + "]: "
            + why
            + tries
            + "; see to that server, or swap the verifier");
  }

  private static List<Outcome> same(List<Attempt> attempts, Outcome outcome) {
    return Collections.nCopies(attempts.size(), outcome);
  }

  @Override
  public void check() {
    server
        .tokenProblem()
        .ifPresent(
            why ->
                refuse(
                    "token-variable",
                    settings.tokenVariable(),
                    "a variable that holds a token",
                    why));
    server
        .connectionProblem()
        .ifPresent(why -> refuse("url", settings.url(), "a server that can be connected to", why));
  }

  private static void refuse(String setting, String got, String expected, String why) {
    throw new BadSettingsException(new SettingProblem(setting, got, expected, why));
  }

  @Override
  public void close() {
    server.close();
  }
}
