package dev.troupe.deploy.security;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The token that a command shows to the HTTP API. */
public record ClientToken(String value) {
  /** The environment variable that may hold it. */
  public static final String VARIABLE = "TROUPE_TOKEN";

  /**
   * Looks for it in this order: what was said, the environment, the cluster directory. Empty = none
   * is there, as for a cluster on loopback.
   *
   * @param said the option {@code --token}
   * @param home the cluster directory, where the command has it
   */
  public static Optional<ClientToken> find(
      @Nullable String said, Map<String, String> environment, @Nullable Path home) {
    if (said != null) {
      return Optional.of(new ClientToken(said.strip()));
    }
    String variable = environment.getOrDefault(VARIABLE, "").strip();
    if (!variable.isEmpty()) {
      return Optional.of(new ClientToken(variable));
    }
    return home == null ? Optional.empty() : TokenFile.in(home).read().map(ClientToken::new);
  }

  /** The value of the header {@code Authorization}. */
  public String authorization() {
    return "Bearer " + value;
  }

  /** Without its secret. */
  @Override
  public String toString() {
    return "ClientToken[...]";
  }
}
