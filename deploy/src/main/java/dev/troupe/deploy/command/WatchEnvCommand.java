package dev.troupe.deploy.command;

import dev.troupe.deploy.episode.Film;
import dev.troupe.deploy.episode.Film.Next;
import dev.troupe.deploy.episode.Frame;
import dev.troupe.deploy.episode.Frame.End;
import dev.troupe.deploy.episode.Projector;
import dev.troupe.deploy.picture.DotCanvas;
import dev.troupe.deploy.terminal.Console;
import dev.troupe.deploy.terminal.Screen;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Episodes in the terminal. */
@Command(
    name = "watch-env",
    header = "Plays episodes in the terminal: a trained policy's, or random ones.",
    footer = {
      "%nspace pauses, s takes one step, n goes to the next episode, + and - change the speed, q"
          + " quits.",
      "Where output is no terminal, the first and the last picture of each episode. What has no",
      "picture shows its observations as curves.",
      "%nExamples:",
      "  ./troupe watch-env runs/cartpole",
      "  ./troupe watch-env runs/cartpole --checkpoint 50 --sampled",
      "  ./troupe watch-env Taxi-v4 --option is-rainy=true",
      "  ./troupe watch-env my.envs.Corridor --classpath my-env.jar"
    })
final class WatchEnvCommand implements Callable<Integer> {
  private static final int COLUMNS = 79;
  private static final int LINES = 30;

  private final Console console;
  @Mixin private PlayedOptions options = new PlayedOptions();

  @Option(
      names = "--episodes",
      paramLabel = "N",
      description = "How many; until q if not given, one where output is no terminal.")
  private @Nullable Integer episodes;

  WatchEnvCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    CommandFailure.checkAtLeast("--episodes", 1, episodes == null ? 1 : episodes);
    PlayedOptions.Played played = options.open();
    try (var player = played.player()) {
      Film film = new Film(player, options.steps());
      if (!console.live()) {
        console.line(console.bold(played.title()));
        film.play(episodes == null ? 1 : episodes, this::print);
        return ExitCode.DONE;
      }
      try (Screen screen = Screen.open()) {
        film.play(
            episodes == null ? Integer.MAX_VALUE : episodes,
            new Projector(
                screen,
                played.title(),
                film.stepsPerSecond(),
                console.colours(),
                System::nanoTime));
      }
    }
    return ExitCode.DONE;
  }

  private Next print(Frame frame) {
    if (frame.step() == 0 || frame.end() != End.NONE) {
      int columns = DotCanvas.columns(frame.picture(), COLUMNS, LINES);
      console.line("");
      DotCanvas.lines(frame.picture(), columns, console.colours()).forEach(console::line);
      console.line(frame.caption());
    }
    return Next.STEP;
  }
}
