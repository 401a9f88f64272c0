package dev.troupe.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Also the worked example of docs/environments.md: it compiles, and it is good. */
final class CheckEnvCommandTest {
  @TempDir Path folder = Path.of("");

  private final Typed typed = new Typed();

  @Test
  void listsTheEnvironmentsWithoutAName() {
    assertThat(typed.run("check-env")).isZero();
    assertThat(typed.said()).contains("CartPole-v1", "Taxi-v4", "at most 500 steps");
  }

  @Test
  void saysThatAGoodEnvironmentIsGood() {
    assertThat(typed.run("check-env", "MountainCar-v0", "--steps", "300")).isZero();
    assertThat(typed.said())
        .contains("observations  box of [2] [position, velocity]")
        .contains("ok    a seed gives the same episode twice")
        .contains("This environment can be trained on.")
        .doesNotContain("BAD");
  }

  @Test
  void refusesUnknownNamesAndOptions() {
    assertThat(typed.run("check-env", "MountainCart-v0")).isEqualTo(ExitCode.REFUSED);
    assertThat(typed.complained()).contains("did you mean [MountainCar-v0]?");
    assertThat(typed.run("check-env", "Pendulum-v1", "--option", "h=9"))
        .isEqualTo(ExitCode.REFUSED);
    assertThat(typed.complained()).contains("has no option [h]").contains("did you mean [g]?");
    assertThat(typed.run("check-env", "my.Env", "--classpath", "none.jar"))
        .isEqualTo(ExitCode.REFUSED);
    assertThat(typed.complained()).contains("no jar or folder [none.jar]");
    assertThat(typed.run("check-env", "Pendulum-v1", "--steps", "0")).isEqualTo(ExitCode.REFUSED);
  }

  @Test
  void theDocumentedExampleCompilesAndIsGood() throws IOException {
    Path classes = compile(example());
    assertThat(
            typed.run(
                "check-env",
                "my.envs.Corridor",
                "--classpath",
                classes.toString(),
                "--option",
                "length=4",
                "--option",
                "time-limit=200",
                "--steps",
                "500"))
        .as(typed.said() + typed.complained())
        .isZero();
    assertThat(typed.said()).contains("box of [1] [way done]").doesNotContain("BAD");
  }

  @Test
  void aMistakeInAJarIsFoundAndTheExitCodeSaysSo() throws IOException {
    Path classes = compile(example().replace("(double) place / length", "(double) place"));
    Path jar = folder.resolve("my-env.jar");
    try (var out = new JarOutputStream(Files.newOutputStream(jar));
        var files = Files.walk(classes)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        out.putNextEntry(new JarEntry(classes.relativize(file).toString()));
        Files.copy(file, out);
      }
    }
    assertThat(
            typed.run(
                "check-env", "my.envs.Corridor", "--classpath", jar.toString(), "--steps", "300"))
        .isEqualTo(ExitCode.FAILED);
    assertThat(typed.said())
        .contains("BAD   observations lie in their space")
        .contains("number [0] (way done) must be within [0.0] and [1.0], got [2.0]")
        .contains("widen the space's bounds");
  }

  private static String example() throws IOException {
    String text = Files.readString(Path.of("..", "docs", "environments.md"));
    int begin = text.indexOf("```java\n") + "```java\n".length();
    return text.substring(begin, text.indexOf("```", begin));
  }

  private Path compile(String source) throws IOException {
    Path file = Files.writeString(folder.resolve("Corridor.java"), source);
    Path classes = Files.createDirectories(folder.resolve("classes"));
    ByteArrayOutputStream errors = new ByteArrayOutputStream();
    int failed =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                errors,
                errors,
                "-proc:none",
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                classes.toString(),
                file.toString());
    assertThat(failed).as(errors.toString(StandardCharsets.UTF_8)).isZero();
    return classes;
  }
}
