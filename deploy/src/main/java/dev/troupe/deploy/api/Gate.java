package dev.troupe.deploy.api;

import java.io.IOException;
import java.net.URI;
import java.util.Optional;

/**
 * Lets requests in. Off loopback they show the cluster's token, in a header ({@code Authorization:
 * Bearer TOKEN}) or, from browsers, in a cookie that {@code ?token=TOKEN} sets. On loopback other
 * sites must not reach it through a name that leads here; and what changes something is never taken
 * from another site's page.
 */
final class Gate {
  private static final String COOKIE = "troupe-token";
  private static final String BEARER = "Bearer ";

  private final Access access;
  private final boolean loopback;

  Gate(Access access, boolean loopback) {
    this.access = access;
    this.loopback = loopback;
  }

  /** Whether the request goes on; else it has been answered. */
  boolean pass(Request request) throws IOException {
    String host = request.header("Host").orElse("");
    if (loopback && !access.asksForToken() && !isLocal(host)) {
      throw new HttpProblem(HttpProblem.FORBIDDEN, "ask for 127.0.0.1 or localhost");
    }
    if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
      request
          .header("Origin")
          .ifPresent(
              origin -> {
                if (!host.equals(authority(origin))) {
                  throw new HttpProblem(
                      HttpProblem.FORBIDDEN, "pages of [" + origin + "] may not ask for this");
                }
              });
    }
    if (!access.asksForToken()) {
      return true;
    }
    Optional<String> asked = request.query("token");
    if (asked.isPresent() && request.method().equals("GET") && access.admits(asked)) {
      request
          .exchange()
          .getResponseHeaders()
          .set("Set-Cookie", COOKIE + "=" + asked.get() + "; Path=/; HttpOnly; SameSite=Strict");
      request.exchange().getResponseHeaders().set("Location", request.path());
      request.text(302, "");
      return false;
    }
    Optional<String> shown = shown(request);
    if (!access.admits(shown)) {
      String why =
          shown.or(() -> asked).isPresent()
              ? "that is not this cluster's token"
              : "this cluster asks for its token";
      throw new HttpProblem(
          HttpProblem.UNAUTHORIZED,
          why
              + ": --token FILE or TROUPE_TOKEN for ./troupe, the header"
              + " [Authorization: Bearer TOKEN] for others, [?token=TOKEN] for browsers");
    }
    return true;
  }

  private static Optional<String> shown(Request request) {
    Optional<String> bearer =
        request
            .header("Authorization")
            .filter(value -> value.startsWith(BEARER))
            .map(value -> value.substring(BEARER.length()).strip());
    return bearer.or(() -> request.header("Cookie").flatMap(Gate::cookie));
  }

  private static Optional<String> cookie(String header) {
    for (String pair : header.split(";", -1)) {
      String[] parts = pair.strip().split("=", 2);
      if (parts.length == 2 && parts[0].equals(COOKIE)) {
        return Optional.of(parts[1]);
      }
    }
    return Optional.empty();
  }

  private static boolean isLocal(String host) {
    String name = host.replaceFirst(":[0-9]+$", "");
    return name.equals("localhost") || name.equals("[::1]") || name.matches("127(\\.[0-9]+){3}");
  }

  private static String authority(String origin) {
    try {
      return String.valueOf(URI.create(origin).getAuthority());
    } catch (IllegalArgumentException e) {
      return "";
    }
  }
}
