package dev.troupe.actors.security;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** Authorities and nodes' key folders, good and bad. */
final class TestKeys {
  static final InstantSource CLOCK = InstantSource.system();
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Path root;
  final Authority authority = Authority.create(CLOCK.instant().minus(Duration.ofDays(3)), RANDOM);

  TestKeys(Path root) {
    this.root = root;
  }

  /** A node's folder, good for a month. */
  Path node(String name, String... hosts) {
    Instant now = CLOCK.instant();
    return node(name, now, now.plus(Duration.ofDays(30)), hosts);
  }

  Path node(String name, Instant from, Instant until, String... hosts) {
    Path folder = root.resolve(name);
    write(folder, authority, authority.issue(name, List.of(hosts), from, until, RANDOM));
    return folder;
  }

  /** A folder whose certificate ended an hour ago. */
  Path expired(String name, String... hosts) {
    Instant now = CLOCK.instant();
    return node(name, now.minus(Duration.ofDays(2)), now.minus(Duration.ofHours(1)), hosts);
  }

  /** The time of a machine on which a certificate of {@link #expired} is still good. */
  static InstantSource yesterday() {
    return InstantSource.offset(CLOCK, Duration.ofDays(-1));
  }

  static void write(Path folder, Authority authority, Authority.Issued issued) {
    put(folder, KeyFiles.AUTHORITY, Pem.text(authority.certificate()));
    put(folder, KeyFiles.CERTIFICATE, Pem.text(issued.certificate()));
    put(folder, KeyFiles.KEY, Pem.text(issued.key()));
  }

  static void put(Path folder, String name, String text) {
    try {
      Files.createDirectories(folder);
      Path file = Files.writeString(folder.resolve(name), text);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void copy(String name, Path from, Path to) {
    put(to, name, KeyFiles.text(from, name));
  }
}
