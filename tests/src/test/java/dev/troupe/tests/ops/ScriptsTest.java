package dev.troupe.tests.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.tests.process.Product;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Shell scripts: the shell reads them, and shellcheck, where it is, finds nothing. */
final class ScriptsTest {
  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "troupe",
        "deploy/src/main/resources/dev/troupe/deploy/reward/skeleton/build.sh",
        "docs/many-machines.sh",
        "docs/control.sh",
        "docs/props.sh",
        "ops/slurm/node",
        "ops/slurm/troupe.sbatch"
      })
  void shellsReadThem(String script) throws IOException {
    Path file = Yaml.ROOT.resolve(script);
    assertThat(Files.readString(file)).startsWith("#!/usr/bin/env bash\n");
    checked("bash", "-n", file.toString());
    Optional<Path> shellcheck =
        Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
            .map(folder -> Path.of(folder, "shellcheck"))
            .filter(Files::isExecutable)
            .findFirst();
    shellcheck.ifPresent(found -> checked(found.toString(), "-x", file.toString()));
  }

  private void checked(String... command) {
    Product.in(directory).start(List.of(command), Map.of()).await().with(0);
  }
}
