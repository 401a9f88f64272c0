package dev.troupe.deploy.security;

import dev.troupe.actors.security.KeysException;
import dev.troupe.actors.security.TransportSecurity;
import dev.troupe.deploy.api.Access;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Access by the cluster's keys and by the token that lies in the cluster directory. */
public final class TokenAccess implements Access {
  /** The environment's variables for clients. */
  public static final String TOKEN_VARIABLE = "TROUPE_TOKEN";

  public static final String KEYS_VARIABLE = "TROUPE_KEYS";

  private final Optional<SSLContext> tls;
  private final Optional<String> token;

  private TokenAccess(Optional<SSLContext> tls, Optional<String> token) {
    this.tls = tls;
    this.token = token;
  }

  /**
   * A node's: off loopback who asks has to show the token, which is made where there is none yet.
   *
   * @param host that the node listens on
   * @param home the cluster directory
   * @throws KeysException where the token can't be used, saying what to do
   */
  public static Access ofNode(
      TransportSecurity security, String host, Path home, SecureRandom random) {
    Optional<String> token =
        TransportSecurity.isLoopback(host)
            ? Optional.empty()
            : Optional.of(TokenFile.in(home).readOrMake(random));
    return new TokenAccess(security.context(), token);
  }

  /**
   * A command's: what was said comes before the environment.
   *
   * @param keys folder with the cluster's {@code ca.crt}
   * @param token file of the token
   * @throws KeysException where they can't be used, saying what to do
   */
  public static Access ofClient(
      @Nullable Path keys,
      @Nullable Path token,
      Map<String, String> environment,
      InstantSource clock) {
    String folder = environment.getOrDefault(KEYS_VARIABLE, "");
    Optional<Path> authority =
        keys != null
            ? Optional.of(keys)
            : folder.isEmpty() ? Optional.empty() : Optional.of(Path.of(folder));
    return new TokenAccess(
        authority.map(found -> TransportSecurity.trusting(found, clock)),
        token(token, environment));
  }

  private static Optional<String> token(@Nullable Path file, Map<String, String> environment) {
    if (file != null) {
      return Optional.of(
          new TokenFile(file)
              .read()
              .orElseThrow(
                  () ->
                      new KeysException(
                          "[%s]: got no such file, expected the cluster's token; it is the file api-token in the heads' --home directory, or say it in %s"
                              .formatted(file, TOKEN_VARIABLE))));
    }
    return Optional.of(environment.getOrDefault(TOKEN_VARIABLE, "").strip())
        .filter(said -> !said.isEmpty());
  }

  @Override
  public Optional<SSLContext> tls() {
    return tls;
  }

  @Override
  public Optional<String> token() {
    return token;
  }

  /** Takes the same time wherever the first difference is. */
  @Override
  public boolean admits(Optional<String> shown) {
    return token.isEmpty()
        || MessageDigest.isEqual(
            token.get().getBytes(StandardCharsets.ISO_8859_1),
            shown.orElse("").getBytes(StandardCharsets.ISO_8859_1));
  }

  @Override
  public boolean asksForToken() {
    return token.isPresent();
  }

  /** Without its secret. */
  @Override
  public String toString() {
    return "TokenAccess[%s%s]"
        .formatted(tls.isPresent() ? "TLS" : "plain", token.isPresent() ? ", token" : "");
  }
}
