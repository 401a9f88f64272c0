package dev.troupe.deploy.security;

import dev.troupe.actors.security.TransportSecurity;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who may use a node's HTTP API. */
public sealed interface ApiAccess {
  /** Status of an answer to who may not. */
  int UNAUTHORIZED = 401;

  /** What such an answer has in its header {@code WWW-Authenticate}. */
  String CHALLENGE = "Bearer realm=\"troupe\"";

  /**
   * Why a request is refused, for its sender; empty = it is welcome.
   *
   * @param authorization its header {@code Authorization}
   */
  Optional<String> refusal(@Nullable String authorization);

  /** Everybody: the API listens on loopback only. */
  record Open() implements ApiAccess {
    @Override
    public Optional<String> refusal(@Nullable String authorization) {
      return Optional.empty();
    }
  }

  /** Whoever has the token that lies in the cluster directory. */
  final class Guarded implements ApiAccess {
    private static final String SCHEME = "Bearer ";

    private final Path file;
    private final byte[] token;

    private Guarded(Path file, String token) {
      this.file = file;
      this.token = token.getBytes(StandardCharsets.US_ASCII);
    }

    /** Where the token lies, for people. */
    public Path file() {
      return file;
    }

    @Override
    public Optional<String> refusal(@Nullable String authorization) {
      if (authorization == null || authorization.isEmpty()) {
        return Optional.of(words("no token"));
      }
      if (!authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
        return Optional.of(words("another scheme than Bearer"));
      }
      byte[] given =
          authorization.substring(SCHEME.length()).strip().getBytes(StandardCharsets.ISO_8859_1);
      // Takes the same time wherever the first difference is.
      return MessageDigest.isEqual(token, given)
          ? Optional.empty()
          : Optional.of(words("a wrong token"));
    }

    private static String words(String got) {
      return ("got [%s], expected the header Authorization: Bearer TOKEN; the token lies in the"
                  + " file api-token of the heads' --home directory; give it to commands as"
                  + " TROUPE_TOKEN, --token, or --home")
          .formatted(got);
    }
  }

  /**
   * On loopback everybody, else who has the token, which is made if there is none yet.
   *
   * @param host that the API listens on
   * @param home the cluster directory
   */
  static ApiAccess of(String host, Path home, SecureRandom random) {
    if (TransportSecurity.isLoopback(host)) {
      return new Open();
    }
    TokenFile file = TokenFile.in(home);
    return new Guarded(file.file(), file.readOrMake(random));
  }
}
