package dev.troupe.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.deploy.recipe.Processor;
import dev.troupe.deploy.recipe.Recipe;
import dev.troupe.deploy.recipe.RecipeReader;
import dev.troupe.deploy.terminal.Console;
import dev.troupe.model.network.ActionDistribution;
import dev.troupe.model.network.ControlNetwork;
import dev.troupe.model.network.ControlShape;
import dev.troupe.model.network.ParameterFiles;
import dev.troupe.model.network.Parameters;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code record} and {@code watch-env}. */
final class RecordCommandTest {
  @TempDir Path folder = Path.of("");

  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final ByteArrayOutputStream complained = new ByteArrayOutputStream();

  @Test
  void randomEpisodesBecomeAGif() throws IOException {
    String file = folder.resolve("made/poles.gif").toString();
    assertThat(run("record", "CartPole-v1", "--seed", "3", "--every", "1", "--to", file))
        .as(text(complained))
        .isZero();

    assertThat(text(said)).contains("episode 1: return 15.000 after 15 steps, terminated");
    ImageReader reader = ImageIO.getImageReadersBySuffix("gif").next();
    try (var in = ImageIO.createImageInputStream(Path.of(file).toFile())) {
      reader.setInput(in);
      // 15 steps and the beginning; the end stays for a second, of 50 pictures.
      assertThat(reader.getNumImages(true)).isEqualTo(16 + 49);
    } finally {
      reader.dispose();
    }
  }

  @Test
  void aTrainedPolicyIsRecordedInTheEpisodesOfItsEvaluation() throws IOException {
    Path html = folder.resolve("poles.html");
    String policy = policy().toString();
    assertThat(run("record", policy, "--episodes", "2", "--to", html.toString()))
        .as(text(complained))
        .isZero();
    assertThat(Files.readString(html)).contains("CartPole-v1, exported policy", "step 2  ");
    String recorded = text(said);

    assertThat(run("eval", policy, "--episodes", "2")).isZero();
    double sum = 0;
    for (String line : recorded.lines().limit(2).toList()) {
      sum += Double.parseDouble(line.replaceAll(".*return ([0-9.]+) after.*", "$1"));
    }
    assertThat(text(said)).contains("return " + Math.round(sum * 5) / 10.0);
  }

  @Test
  void svgAndTextWorkToo() throws IOException {
    Path svg = folder.resolve("walk.svg");
    assertThat(run("record", "GridWorld-v0", "--steps", "5", "--to", svg.toString())).isZero();
    assertThat(Files.readString(svg)).contains("<svg", "@keyframes");

    assertThat(run("watch-env", "TwoStep-v0", "--option", "rewards=4,4,4,4")).isZero();
    assertThat(text(said)).contains("TwoStep-v0, random actions", "⣿", "return 4.000  terminated");
  }

  @Test
  void whatCannotBeDoneIsSaidBeforeAnythingIsPlayed() throws IOException {
    assertThat(run("record", "CartPole-v1", "--to", "poles.mp4")).isEqualTo(ExitCode.REFUSED);
    assertThat(text(complained)).contains("ends in .gif, .html or .svg");
    assertThat(run("record", "CartPol-v1")).isEqualTo(ExitCode.REFUSED);
    assertThat(text(complained)).contains("did you mean [CartPole-v1]?");
    assertThat(run("record", "CartPole-v1", "--sampled")).isEqualTo(ExitCode.REFUSED);
    assertThat(run("record", policy().toString(), "--option", "a=b")).isEqualTo(ExitCode.REFUSED);
    assertThat(text(complained)).contains("--set environment.options.KEY=VALUE");
    assertThat(run("record", "CartPole-v1", "--speed", "0")).isEqualTo(ExitCode.REFUSED);
    assertThat(run("watch-env", "CartPole-v1", "--steps", "0")).isEqualTo(ExitCode.REFUSED);
    assertThat(run("watch-env", "CartPole-v1", "--python", "none")).isEqualTo(ExitCode.REFUSED);
    assertThat(text(complained)).contains("--python: got [none]");
  }

  /** A folder as export makes it, with a policy that has learned nothing. */
  private Path policy() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("poles.conf"),
            "environment.id = CartPole-v1, policy.hidden = [8], stop.steps = 1");
    Recipe recipe = new RecipeReader(new Processor("test", false)).read(file, List.of());
    Path exported = Files.createDirectories(folder.resolve("exported"));
    recipe.writeTo(exported);
    ControlNetwork network =
        ControlNetwork.of(ControlShape.plain(4, List.of(8), new ActionDistribution.Categorical(2)));
    try (Parameters parameters = network.initial(1)) {
      ParameterFiles.write(exported.resolve("model.safetensors"), parameters, Map.of(), false);
    }
    return exported;
  }

  private int run(String... arguments) {
    Console console =
        new Console(
            new PrintStream(said, true, StandardCharsets.UTF_8),
            new PrintStream(complained, true, StandardCharsets.UTF_8),
            false,
            false);
    return TroupeCommand.commandLine(console).execute(arguments);
  }

  private static String text(ByteArrayOutputStream bytes) {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
