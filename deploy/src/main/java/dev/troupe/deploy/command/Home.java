package dev.troupe.deploy.command;

import java.nio.file.Path;

/** Where Troupe lies: the launcher tells, else the working directory. */
final class Home {
  private Home() {}

  static Path path() {
    return Path.of(System.getProperty("troupe.home", "")).toAbsolutePath().normalize();
  }
}
