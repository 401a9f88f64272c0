package dev.troupe.tests.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.troupe.tests.process.Finished;
import dev.troupe.tests.process.Ports;
import dev.troupe.tests.process.Product;
import dev.troupe.tests.process.RunFiles;
import dev.troupe.tests.process.TinyRecipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The job script with its real nodes, on addresses of this machine; only {@code srun} and {@code
 * scontrol} are ours, and do what Slurm's do.
 */
@Timeout(300)
@Tag("long")
final class SlurmScriptTest {
  private static final String NODES = "127.0.0.2,127.0.0.3";

  /** The names of the nodes, a line each. */
  private static final String SCONTROL =
      """
      #!/usr/bin/env bash
      [ "$1 $2" = "show hostnames" ] || exit 9
      tr , '\\n' <<< "$3"
      """;

  /** One task on each node; TERM kills them, USR1 is passed on. */
  private static final String SRUN =
      """
      #!/usr/bin/env bash
      list=
      while [[ $1 == --* ]]; do
        case $1 in --nodelist=*) list=${1#*=} ;; esac
        shift
      done
      tasks=()
      trap 'kill -KILL "${tasks[@]}"' TERM
      trap 'kill -USR1 "${tasks[@]}"' USR1
      for name in ${list//,/ }; do
        SLURMD_NODENAME=$name "$@" &
        tasks+=($!)
      done
      for task in "${tasks[@]}"; do
        while kill -0 "$task" 2> /dev/null; do wait "$task"; done
      done
      """;

  @TempDir Path directory;

  @Test
  void aJobMakesItsRunDrainsItsNodesAndEnds() throws IOException {
    program("bin/scontrol", SCONTROL);
    program("bin/srun", SRUN);
    program("ops/slurm/node", Files.readString(Yaml.ROOT.resolve("ops/slurm/node")));
    Product product = Product.in(directory).patient(Duration.ofSeconds(200));
    product.run("keys", "init").with(0);
    product.run("keys", "node", "slurm", "--host", "127.0.0.2", "--host", "127.0.0.3").with(0);
    Path recipe = TinyRecipe.in(directory);

    Product.Running job =
        product.start(
            List.of(
                "bash", Yaml.ROOT.resolve("ops/slurm/troupe.sbatch").toString(), recipe.toString()),
            Map.of(
                "PATH", directory.resolve("bin") + ":" + System.getenv("PATH"),
                "TMPDIR", directory.toString(),
                "SLURM_JOB_ID", "7",
                "SLURM_JOB_NODELIST", NODES,
                "TROUPE_DIR", directory.toString(),
                "TROUPE_HOME", directory.resolve("cluster").toString(),
                "TROUPE_PORT", Integer.toString(Ports.threeInARow())));
    List<ProcessHandle> tasks = List.of();
    try {
      await().atMost(Duration.ofSeconds(60)).until(() -> job.process().children().count() > 1);
      tasks = job.process().descendants().toList();
      Product.Ended ended = job.await().with(0);

      assertThat(ended.out())
          .contains("draining: workers, then heads")
          .contains("node [127.0.0.2] left the cluster")
          .contains("node [127.0.0.3] left the cluster")
          .contains("the cluster has ended");
      Finished.check(new RunFiles(directory.resolve("cluster/tiny")));
    } finally {
      job.process().descendants().forEach(ProcessHandle::destroyForcibly);
      tasks.forEach(ProcessHandle::destroyForcibly);
      job.process().destroyForcibly();
    }
  }

  private void program(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }
}
