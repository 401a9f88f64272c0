package dev.troupe.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.deploy.terminal.Console;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PlotCommandTest {
  @TempDir Path folder = Path.of("");

  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final ByteArrayOutputStream complained = new ByteArrayOutputStream();

  @Test
  void drawsRunsSideBySide() throws IOException {
    Path svg = folder.resolve("made/curves.svg");

    assertThat(run("plot", tasks("a", 1), tasks("b", 2), "--no-group", "--to", svg.toString()))
        .as(text(complained))
        .isZero();
    assertThat(text(said)).contains("drew " + svg);
    assertThat(Files.readString(svg))
        .contains(">a</text>", ">b</text>", ">evaluation/accuracy</text>", ">updates</text>");
  }

  @Test
  void drawsSeedsAsOneLineAndPixelsToo() throws IOException {
    Path png = folder.resolve("curves.png");
    assertThat(run("plot", tasks("a", 1), tasks("b", 2), "--by", "time", "--to", png.toString()))
        .isZero();

    assertThat(ImageIO.read(png.toFile()).getWidth()).isEqualTo(1520);
  }

  @Test
  void printsATableWithoutAPicture() throws IOException {
    assertThat(run("plot", tasks("a", 1), tasks("b", 2), "--table")).isZero();

    assertThat(text(said)).contains("tiny (2 seeds)  2     0.75").doesNotContain("drew");
  }

  @Test
  void saysWhatCannotBeDrawn() throws IOException {
    assertThat(run("plot", folder.resolve("none").toString())).isEqualTo(ExitCode.REFUSED);
    assertThat(text(complained)).contains("no such folder");
    assertThat(run("plot", tasks("a", 1), "--metric", "acuracy")).isEqualTo(ExitCode.REFUSED);
    assertThat(text(complained)).contains("nearest are [evaluation/accuracy");
    assertThat(run("plot", tasks("a", 1), "--to", "curve.pdf")).isEqualTo(ExitCode.REFUSED);
    assertThat(text(complained)).contains("ends in .svg or .png");
    assertThat(run("plot", tasks("a", 1), "--smooth", "0")).isEqualTo(ExitCode.REFUSED);
    assertThat(run("plot")).isEqualTo(ExitCode.REFUSED);
  }

  private String tasks(String name, int seed) throws IOException {
    Path run = folder.resolve(name);
    Files.createDirectories(run.resolve("metrics"));
    Files.writeString(run.resolve("recipe.conf"), "name = tiny, seed = " + seed);
    Files.writeString(
        run.resolve("metrics/metrics.jsonl"),
        """
        {"time":"2026-01-02T00:00:00Z","step":1,"evaluation/accuracy":0.25}
        {"time":"2026-01-02T00:00:01Z","step":2,"evaluation/accuracy":%s}
        """
            .formatted(0.5 * seed));
    return run.toString();
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
