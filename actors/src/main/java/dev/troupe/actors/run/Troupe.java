package dev.troupe.actors.run;

import dev.troupe.protocol.run.RunSpecification;
import java.nio.file.Files;

/** The whole troupe in this JVM. */
public final class Troupe {
  private Troupe() {}

  /**
   * Starts or resumes the run of {@code directory}.
   *
   * @throws RunFailedException if it can't begin: another process has the directory, it holds a run
   *     that was not to be resumed, or there is nothing to resume
   */
  public static RunHandle start(
      RunSpecification specification, RunDirectory directory, TroupeOptions options) {
    if (options.resume() && !Files.isDirectory(directory.root())) {
      throw new RunFailedException("there is no run in [" + directory.root() + "] to resume");
    }
    throw new UnsupportedOperationException(specification.name());
  }
}
