package dev.troupe.rollout.verify.http;

import dev.troupe.plugin.Verifier.Setting;
import dev.troupe.protocol.check.Check;
import dev.troupe.rollout.verify.settings.OwnCode;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;

/**
 * What can be set. The token itself is no setting: settings are kept with the run and shown, so
 * they have the name of the variable that holds it.
 */
public record HttpSettings(
    @Setting(means = "Where answers are posted to: http or https.") String url,
    @Setting(
            means =
                "What is posted: openrlhf (lists of query, prompts and labels) or single (one"
                    + " prompt, response and label, slime's remote_rm).",
            standard = "openrlhf")
        Format format,
    @Setting(means = "Answers of a request at the most; single has one.", standard = "16")
        int batch,
    @Setting(
            means = "Environment variable, on every reward node, that holds a token; empty = none.",
            standard = "")
        String tokenVariable,
    @Setting(
            means = "Header that carries the token; in Authorization with Bearer before it.",
            standard = "Authorization")
        String header,
    @Setting(means = "Time to connect, at most a minute.", standard = "2 s") Duration connectLimit,
    @Setting(
            means =
                "Further tries of a request that found no connection or lost it, or got 429 or"
                    + " 5xx.",
            standard = "3")
        int retries,
    @Setting(
            means = "Before the first of them; each further pause is twice as long, up to 5 s.",
            standard = "200 ms")
        Duration pause,
    @Setting(means = "KB that a response may have.", standard = "1024") int response)
    implements OwnCode {
  private static final Duration CONNECT_MAX = Duration.ofMinutes(1);
  static final Duration PAUSE_MAX = Duration.ofSeconds(5);

  public HttpSettings {
    Check.that(isUrl(url), "url", "http://HOST:PORT/PATH or https, without user or password", url);
    Check.within("batch", 1, 4096, batch);
    Check.that(isHeader(header), "header", "the name of a header that may be set", header);
    within("connectLimit", CONNECT_MAX, connectLimit);
    Check.within("retries", 0, 20, retries);
    within("pause", PAUSE_MAX, pause);
    Check.within("response", 1, 64 << 10, response);
  }

  private static void within(String component, Duration most, Duration value) {
    Check.that(
        value.toMillis() >= 1 && value.compareTo(most) <= 0,
        component,
        "from [1 ms] to [" + most.toSeconds() + " s]",
        value);
  }

  private static boolean isUrl(String text) {
    try {
      URI uri = URI.create(text);
      HttpRequest.newBuilder(uri);
      return uri.getRawUserInfo() == null;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  private static boolean isHeader(String name) {
    try {
      HttpRequest.newBuilder().header(name, "");
      return true;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  URI uri() {
    return URI.create(url);
  }

  int responseBytes() {
    return response << 10;
  }

  /** How many answers a request has at the most. */
  int together() {
    return switch (format) {
      case OPENRLHF -> batch;
      case SINGLE -> 1;
    };
  }
}
