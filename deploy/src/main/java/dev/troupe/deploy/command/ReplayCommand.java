package dev.troupe.deploy.command;

import dev.troupe.actors.journal.Epochs;
import dev.troupe.actors.journal.JournalReader;
import dev.troupe.actors.learner.LearnerEngine;
import dev.troupe.actors.learner.TorchLearners;
import dev.troupe.actors.run.RunDirectory;
import dev.troupe.actors.run.Troupe;
import dev.troupe.deploy.history.CheckpointProof;
import dev.troupe.deploy.history.ReplayedRun;
import dev.troupe.deploy.recipe.Recipe;
import dev.troupe.deploy.terminal.Console;
import dev.troupe.learner.checkpoint.CheckpointHooks;
import dev.troupe.learner.checkpoint.CheckpointStore;
import dev.troupe.protocol.checkpoint.CheckpointRef;
import dev.troupe.protocol.ledger.LedgerEvent;
import dev.troupe.protocol.run.RunSpecification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Proves a run's weights. */
@Command(
    name = "replay",
    header = "Makes a run's updates again from its journal and proves the weights bit by bit.",
    footer = {
      "%nReads no checkpoint on the way: supervised steps come from the recipe, batches from the",
      "journal. Every update's weights are compared with the hash that the journal has for them,"
          + " the",
      "kept checkpoints with what came out. On another kind of machine hashes can't be equal: then",
      "checkpoints are compared by tolerance. Exit code 1 names the first update that differs.",
      "%nExample:",
      "  ./troupe replay runs/sums"
    })
final class ReplayCommand implements Callable<Integer> {
  private static final int TELL_EVERY = 50;

  private final Console console;

  @Parameters(paramLabel = "RUN", description = "The run directory.")
  private Path run = Path.of("");

  ReplayCommand(Console console) {
    this.console = console;
  }

  /** What has to be known of a journal before it is replayed. */
  private record Beginning(TreeSet<String> machines, boolean summarised, long lastUpdate) {}

  @Override
  public Integer call() throws IOException {
    RunDirectory directory = RunDirectories.of(run);
    Recipe recipe = RecipeOptions.readUnchanged(directory.root());
    return replay(directory, recipe);
  }

  private int replay(RunDirectory directory, Recipe recipe) throws IOException {
    Beginning beginning = beginning(directory);
    boolean sameMachine = beginning.machines().equals(new TreeSet<>(List.of(Troupe.machine())));
    if (!sameMachine) {
      console.line(
          "The run was made on "
              + beginning.machines()
              + ", this is ["
              + Troupe.machine()
              + "]: weights are compared by tolerance.");
    }
    RunSpecification specification = recipe.specification();
    Path saved = Files.createTempDirectory("troupe-replay");
    Set<Long> kept =
        new CheckpointStore(directory.checkpoints(), CheckpointHooks.NONE)
            .list().stream().map(CheckpointRef::update).collect(Collectors.toSet());
    try (LearnerEngine engine = engine(directory, recipe, beginning.summarised(), saved)) {
      ReplayedRun replayed =
          new ReplayedRun(
              engine,
              specification.replay().reuse(),
              sameMachine,
              kept,
              update -> {
                if (update % TELL_EVERY == 0 || update == beginning.lastUpdate()) {
                  console.line("step " + update + " of " + beginning.lastUpdate());
                }
              });
      replayed.replay(directory);
      return conclude(directory, recipe, replayed, sameMachine, saved);
    }
  }

  private int conclude(
      RunDirectory directory, Recipe recipe, ReplayedRun replayed, boolean sameMachine, Path saved)
      throws IOException {
    if (replayed.divergence().isPresent()) {
      ReplayedRun.Divergence first = replayed.divergence().get();
      console.format(
          "%s at step %d: the journal has weights %s, the replay made %s",
          console.bad("DIFFERS"), first.update(), first.recorded(), first.replayed());
      return ExitCode.FAILED;
    }
    if (sameMachine) {
      console.format(
          "%s: the weights of %d steps are bit-equal to what the journal has for them",
          console.good("proven"), replayed.compared());
    }
    List<CheckpointProof> proofs =
        CheckpointProof.of(
            directory.checkpoints(), recipe.specification(), replayed.hashes(), saved);
    proofs.forEach(proof -> console.line("  " + proof.text()));
    return proofs.stream().allMatch(CheckpointProof::holds) ? ExitCode.DONE : ExitCode.FAILED;
  }

  /**
   * A learner at the journal's beginning: new, or, where old segments were deleted, as it was at
   * the oldest kept checkpoint.
   */
  private LearnerEngine engine(
      RunDirectory directory, Recipe recipe, boolean summarised, Path saved) throws IOException {
    Optional<CheckpointRef> from = Optional.empty();
    if (summarised) {
      from = CheckpointProof.oldest(directory.checkpoints());
      copy(directory.checkpoints(), from, saved);
      console.line(
          "Old segments of the journal were deleted: beginning with the checkpoint of step "
              + from.map(CheckpointRef::update).orElse(0L));
    }
    return new TorchLearners(
            recipe.specification(),
            saved,
            new Epochs(saved, "learner"),
            recipe.files(),
            _ -> {},
            UnaryOperator.identity())
        .open(1, from);
  }

  /** The learner works in a folder of its own: it tidies up in its folder when it begins. */
  private static void copy(Path checkpoints, Optional<CheckpointRef> ref, Path saved)
      throws IOException {
    if (ref.isEmpty()) {
      return;
    }
    String name = CheckpointStore.name(ref.get());
    Path target = Files.createDirectories(saved.resolve(name));
    try (Stream<Path> files = Files.list(checkpoints.resolve(name))) {
      for (Path file : files.toList()) {
        Files.copy(file, target.resolve(file.getFileName()));
      }
    }
  }

  private static Beginning beginning(RunDirectory directory) throws IOException {
    TreeSet<String> machines = new TreeSet<>();
    boolean[] summarised = {false};
    long[] last = {0};
    JournalReader.open(directory.journal(), directory.epochs())
        .forEach(
            (event, _) -> {
              if (event instanceof LedgerEvent.EpochBegan(_, _, String machine)) {
                machines.add(machine);
              }
              if (event instanceof LedgerEvent.Updated(var version, _, _)) {
                last[0] = Math.max(last[0], version.update());
              }
              summarised[0] |= event instanceof LedgerEvent.Summarised;
            });
    return new Beginning(machines, summarised[0], last[0]);
  }
}
