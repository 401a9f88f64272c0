package dev.troupe.deploy.client;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;

/** What a node's HTTP server answered. */
record Reply(int status, String body) {
  private static final int UNAVAILABLE = 503;
  private static final int SHOWN_MAX = 200;

  boolean isFine() {
    return status >= 200 && status < 300;
  }

  /** Whether asking again soon is right. */
  boolean isForLater() {
    return status == UNAVAILABLE;
  }

  JsonObject json() {
    try {
      return JsonParser.parseString(body).getAsJsonObject();
    } catch (JsonParseException | IllegalStateException e) {
      throw new ClusterException(
          ClusterException.Kind.STRANGER, "got [" + shown() + "], expected JSON of Troupe");
    }
  }

  /** What is wrong, in the server's words. */
  String words() {
    try {
      return JsonParser.parseString(body).getAsJsonObject().get("error").getAsString();
    } catch (JsonParseException | IllegalStateException | NullPointerException e) {
      return "status [" + status + "]: " + shown();
    }
  }

  private String shown() {
    return body.length() <= SHOWN_MAX ? body.strip() : body.substring(0, SHOWN_MAX) + "...";
  }
}
