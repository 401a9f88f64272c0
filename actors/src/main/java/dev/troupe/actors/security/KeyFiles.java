package dev.troupe.actors.security;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/**
 * A node's key files as they lie on the disk: two that are equal need no second look.
 *
 * @param authority text of {@code ca.crt}: the authorities whose nodes are trusted
 * @param certificate text of {@code node.crt}: this node's certificate, then those of authorities
 *     between it and {@code ca.crt}, if any
 * @param key text of {@code node.key}
 */
record KeyFiles(Path folder, String authority, String certificate, String key) {
  static final String AUTHORITY = "ca.crt";
  static final String CERTIFICATE = "node.crt";
  static final String KEY = "node.key";

  /** Far more than any certificate needs. */
  private static final long BYTES_MAX = 1 << 20;

  private static final Set<PosixFilePermission> FORBIDDEN =
      EnumSet.of(
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE,
          PosixFilePermission.GROUP_WRITE);

  static KeyFiles read(Path folder) {
    String authority = text(folder, AUTHORITY);
    String certificate = text(folder, CERTIFICATE);
    String key = text(folder, KEY);
    requirePrivate(folder.resolve(KEY));
    return new KeyFiles(folder, authority, certificate, key);
  }

  static String text(Path folder, String name) {
    Path file = folder.resolve(name);
    try {
      long size = Files.size(file);
      if (size > BYTES_MAX) {
        throw new KeysException(
            "[%s]: got [%d] bytes, expected PEM text of at most [%d]"
                .formatted(file, size, BYTES_MAX));
      }
      // Bytes that are no ASCII become something that is no PEM text.
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException e) {
      throw new KeysException(
          "keys in [%s]: got no file [%s], expected [%s], [%s] and [%s] there; make them with: ./troupe keys node NAME --host HOST, and copy the folder that it names to this machine"
              .formatted(folder, name, AUTHORITY, CERTIFICATE, KEY),
          e);
    } catch (IOException e) {
      throw new KeysException(
          "[%s]: can't be read (%s); let the user of this process own it".formatted(file, e), e);
    }
  }

  private static void requirePrivate(Path file) {
    try {
      if (Files.getFileAttributeView(file, PosixFileAttributeView.class) == null) {
        return;
      }
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
      if (permissions.stream().anyMatch(FORBIDDEN::contains)) {
        throw new KeysException(
            "[%s]: got permissions [%s], expected a private key that only its owner can read; say: chmod 600 %s"
                .formatted(file, PosixFilePermissions.toString(permissions), file));
      }
    } catch (IOException e) {
      throw new KeysException("[%s]: its permissions can't be read (%s)".formatted(file, e), e);
    }
  }

  Path authorityFile() {
    return folder.resolve(AUTHORITY);
  }

  Path certificateFile() {
    return folder.resolve(CERTIFICATE);
  }

  Path keyFile() {
    return folder.resolve(KEY);
  }

  /** Without its secrets. */
  @Override
  public String toString() {
    return "KeyFiles[" + folder + "]";
  }
}
