package dev.troupe.deploy.security;

import dev.troupe.actors.security.KeysException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The token in a cluster directory, {@code api-token}: 32 random bytes, base64url, for its owner's
 * eyes only. Heads that share the directory share the token, so it outlives each of them.
 */
record TokenFile(Path file) {
  private static final int BYTES = 32;
  private static final long BYTES_MAX = 4_096;
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]{32,}");
  private static final Set<PosixFilePermission> PRIVATE =
      PosixFilePermissions.fromString("rw-------");

  static TokenFile in(Path home) {
    return new TokenFile(home.resolve("api-token"));
  }

  /** Empty if there is no such file. */
  Optional<String> read() {
    try {
      if (Files.size(file) > BYTES_MAX) {
        throw unfit("more than " + BYTES_MAX + " bytes");
      }
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
      if (permissions.contains(PosixFilePermission.OTHERS_READ)
          || permissions.contains(PosixFilePermission.OTHERS_WRITE)
          || permissions.contains(PosixFilePermission.GROUP_WRITE)) {
        throw new KeysException(
            "[%s]: got permissions [%s], expected a token that only its owner can read; say: chmod 600 %s, and remove the file first if others may have read it"
                .formatted(file, PosixFilePermissions.toString(permissions), file));
      }
      String token = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
      if (!FORM.matcher(token).matches()) {
        throw unfit("something else of " + token.length() + " characters");
      }
      return Optional.of(token);
    } catch (NoSuchFileException _) {
      return Optional.empty();
    } catch (IOException e) {
      throw new KeysException(
          "[%s]: the API's token can't be read (%s); run as the user who owns it, or say it in TROUPE_TOKEN"
              .formatted(file, e));
    }
  }

  /** Reads the token, or makes it; of several heads that make it at once one succeeds. */
  String readOrMake(SecureRandom random) {
    Optional<String> there = read();
    if (there.isPresent()) {
      return there.get();
    }
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    String token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      // Written aside and linked, which fails if another was faster: nobody sees half a token.
      Path aside =
          Files.createTempFile(
              file.toAbsolutePath().getParent(),
              "api-token",
              ".tmp",
              PosixFilePermissions.asFileAttribute(PRIVATE));
      try {
        Files.writeString(aside, token + "\n");
        Files.createLink(file, aside);
      } catch (FileAlreadyExistsException _) {
        // Its token is read below.
      } finally {
        Files.delete(aside);
      }
    } catch (IOException e) {
      throw new KeysException("[%s]: the API's token can't be written (%s)".formatted(file, e));
    }
    return read().orElseThrow(() -> unfit("no file"));
  }

  private KeysException unfit(String got) {
    return new KeysException(
        "[%s]: got %s, expected a token of at least 32 letters, digits, _ and -; remove the file, and the next start makes one"
            .formatted(file, got));
  }
}
