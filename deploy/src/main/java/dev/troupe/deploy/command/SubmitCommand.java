package dev.troupe.deploy.command;

import dev.troupe.actors.cluster.ClusterView;
import dev.troupe.actors.cluster.Submission;
import dev.troupe.actors.control.ControlEstimate;
import dev.troupe.actors.weights.FileShelf;
import dev.troupe.deploy.client.ClusterClient;
import dev.troupe.deploy.client.ClusterException;
import dev.troupe.deploy.client.RunReport;
import dev.troupe.deploy.recipe.Recipe;
import dev.troupe.deploy.terminal.Console;
import dev.troupe.deploy.terminal.Figures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Submits a run to a cluster. */
@Command(
    name = "submit",
    header = "Trains by a recipe on a cluster, with live progress here.",
    footer = {
      "%nThe recipe is checked here, the files that it names go along. Ctrl-C detaches: the run",
      "goes on; ./troupe watch shows it again, ./troupe stop ends it.",
      "%nExamples:",
      "  ./troupe submit recipes/sums.conf                           to the cluster on this"
          + " machine",
      "  ./troupe submit recipes/sums.conf --to head-1:7355",
      "  ./troupe submit recipes/sums.conf --set name=slow --set learner.learning-rate=1e-4",
      "  ./troupe submit recipes/sums.conf --resume                  go on after ./troupe stop"
    })
final class SubmitCommand implements Callable<Integer> {
  private final Console console;
  private final Switchboard messages;
  @Mixin private ClusterOptions cluster = new ClusterOptions();
  @Mixin private RecipeOptions options = new RecipeOptions();

  @Parameters(paramLabel = "RECIPE", description = "The recipe's file.")
  private Path file = Path.of("");

  @Option(names = "--resume", description = "Go on with a run of that name that was stopped.")
  private boolean resume;

  @Option(names = "--detach", description = "Submit, and don't wait for the end.")
  private boolean detach;

  SubmitCommand(Console console) {
    this.console = console;
    this.messages = new Switchboard(words -> console.err().println(console.warning(words)));
  }

  @Override
  public Integer call() throws IOException {
    Recipe written = options.read(file);
    BeforeRun.check(written);
    Optional<String> tooLong =
        written.specification().control().flatMap(ControlEstimate::tooLongForNodes);
    if (tooLong.isPresent()) {
      throw new CommandFailure(ExitCode.REFUSED, tooLong.get());
    }
    try (ClusterClient client = cluster.connect(messages)) {
      List<ClusterView.Run> there = client.view().runs();
      Set<String> taken = there.stream().map(ClusterView.Run::name).collect(Collectors.toSet());
      String name = RunNames.choose(written.specification().name(), taken, resume);
      Recipe named =
          name.equals(written.specification().name()) ? written : options.read(file, name);
      // A run that goes on has those that it began with.
      Recipe recipe = resume ? named : named.withInitialWeights();
      upload(client, recipe);
      try {
        console.line(
            client.submit(new Submission(name, recipe.specification(), recipe.text(), resume)));
      } catch (ClusterException e) {
        if (!resume || e.kind() != ClusterException.Kind.REFUSED || !isDone(there, name)) {
          throw e;
        }
        console.line(String.valueOf(e.getMessage()));
        client.run(name, RunReport.Seen.nothing()).report().forEach(console::line);
        return ExitCode.DONE;
      }
      RemoteRun run = new RemoteRun(console, client, messages, name, cluster.typed());
      if (detach) {
        run.sayHowToFollow();
        return ExitCode.DONE;
      }
      return run.follow();
    }
  }

  private static boolean isDone(List<ClusterView.Run> runs, String name) {
    return runs.stream()
        .anyMatch(run -> run.name().equals(name) && run.state() == ClusterView.RunState.DONE);
  }

  private void upload(ClusterClient client, Recipe recipe) throws IOException {
    Map<String, String> hashes = new TreeMap<>(recipe.specification().files());
    for (Map.Entry<String, String> named : hashes.entrySet()) {
      if (!client.has(named.getValue())) {
        Path path = recipe.files().apply(named.getKey());
        if (Files.size(path) > FileShelf.BYTES_MAX) {
          throw new IOException(
              named.getKey()
                  + " has ["
                  + Files.size(path)
                  + "] bytes; a file that goes to a cluster may have ["
                  + FileShelf.BYTES_MAX
                  + "]: save weights in several files");
        }
        console.line("sending " + named.getKey() + " (" + Figures.bytes(Files.size(path)) + ")");
        client.upload(named.getValue(), path);
      }
    }
  }
}
