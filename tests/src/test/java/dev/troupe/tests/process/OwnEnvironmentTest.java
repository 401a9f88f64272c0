package dev.troupe.tests.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The environment of docs/environments.md in a jar of its own, from a recipe to its result. */
final class OwnEnvironmentTest {
  private static final String RECIPE =
      """
      name = corridor
      environment { id = Corridor-v0, options.length = 5, count = 8, steps = 32 }
      policy.hidden = [16]
      algorithm { learning-rate = 1e-2, gamma = 0.9 }
      replay.journal.free-disk-min = 1 MiB
      evaluation.episodes = 8
      stop.updates = 15
      """;

  @TempDir Path directory;

  @Test
  void isFoundByItsIdAndLearned() throws IOException {
    String recipe = Files.writeString(directory.resolve("corridor.conf"), RECIPE).toString();
    Product product = Product.in(directory);
    assertThat(product.run("train", recipe, "--no-page").with(2).err())
        .contains("environment [Corridor-v0] doesn't exist");

    Product seeing = product.seeing(jar());
    seeing.run("check-env", "Corridor-v0", "--steps", "300").with(0);
    seeing.run("train", recipe, "--no-page").with(0);

    RunFiles run = new RunFiles(directory.resolve("runs/corridor"));
    assertThat(run.summary().get("updates").getAsLong()).isEqualTo(15);
    seeing.run("audit", "runs/corridor").with(0);
    // Straight to the door takes 5 steps: 1 less 4 hundredths, less what the wind costs.
    assertThat(run.summary().get("returnAfter").getAsDouble()).isGreaterThan(0.85);
    assertThat(seeing.run("eval", "runs/corridor", "--episodes", "4").with(0).out())
        .contains("over 4 greedy episodes");
    assertThat(seeing.run("record", "runs/corridor", "--to", "door.svg").with(0).out())
        .contains("terminated", "its observations are drawn");
  }

  private Path jar() throws IOException {
    Path sources = Files.createDirectories(directory.resolve("sources"));
    String[] blocks = Files.readString(documentation()).split("```java\n");
    Path[] files = {
      Files.writeString(sources.resolve("Corridor.java"), block(blocks, "final class Corridor")),
      Files.writeString(sources.resolve("Corridors.java"), block(blocks, "final class Corridors "))
    };
    Path classes = Files.createDirectories(directory.resolve("classes"));
    int failed =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-proc:none",
                "-cp",
                Product.classPath(),
                "-d",
                classes.toString(),
                files[0].toString(),
                files[1].toString());
    assertThat(failed).isZero();
    Path services = Files.createDirectories(classes.resolve("META-INF/services"));
    Files.writeString(
        services.resolve("dev.troupe.rollout.environment.EnvironmentProvider"),
        "my.envs.Corridors\n");
    Path jar = directory.resolve("my-envs.jar");
    try (var out = new JarOutputStream(Files.newOutputStream(jar));
        var all = Files.walk(classes)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        out.putNextEntry(new JarEntry(classes.relativize(file).toString()));
        Files.copy(file, out);
      }
    }
    return jar;
  }

  private static Path documentation() {
    return Path.of("..", "docs", "environments.md");
  }

  private static String block(String[] blocks, String word) {
    for (String block : blocks) {
      String code = block.substring(0, Math.max(0, block.indexOf("```")));
      if (code.contains("package my.envs;") && code.contains(word)) {
        return code;
      }
    }
    throw new AssertionError("docs/environments.md has no example with [" + word + "]");
  }
}
