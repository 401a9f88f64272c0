package dev.troupe.deploy.command;

import dev.troupe.deploy.client.ClusterRun;
import dev.troupe.deploy.client.ReachedRun;
import dev.troupe.deploy.client.TrainingProcess;
import dev.troupe.deploy.page.PageFile;
import dev.troupe.deploy.terminal.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Reaches the run that a command line means: a directory's, in its process, or a cluster's. */
final class ReachedRuns {
  private ReachedRuns() {}

  static ReachedRun reach(Console console, ClusterOptions cluster, String run) throws IOException {
    Path folder = Path.of(run);
    if (cluster.isGiven() || !Files.isDirectory(folder)) {
      return new ClusterRun(cluster.connect(console), run);
    }
    Path root = RunDirectories.of(folder).root();
    Optional<PageFile> page = PageFile.read(root);
    return new TrainingProcess(
        root,
        page.orElseThrow(
            () ->
                new CommandFailure(
                    ExitCode.FAILED,
                    "no process works on ["
                        + run
                        + "], or one without a live page (--no-page), or on a cluster: name the run"
                        + " of a cluster by its name")));
  }
}
