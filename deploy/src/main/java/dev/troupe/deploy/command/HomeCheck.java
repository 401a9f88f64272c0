package dev.troupe.deploy.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether a head can keep a cluster's runs where it was told to. */
final class HomeCheck {
  private HomeCheck() {}

  /**
   * Makes the directory and writes a file in it.
   *
   * @throws CommandFailure with the reason if it can't
   */
  static void check(Path home) {
    try {
      Files.createDirectories(home);
      Files.delete(Files.createTempFile(home, ".writable-", ""));
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.REFUSED,
          "--home: got ["
              + home
              + "], expected a directory that can be made and written, for runs are kept there: "
              + e);
    }
  }
}
