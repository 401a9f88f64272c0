package dev.troupe.deploy.command;

import dev.troupe.actors.control.ControlLearners;
import dev.troupe.actors.journal.Epochs;
import dev.troupe.actors.learner.LearnerEngine;
import dev.troupe.actors.learner.TorchLearners;
import dev.troupe.actors.run.RunDirectory;
import dev.troupe.deploy.bench.Folders;
import dev.troupe.deploy.history.CheckpointProof;
import dev.troupe.deploy.history.Provable;
import dev.troupe.deploy.history.ReplayedRun;
import dev.troupe.deploy.history.StoredWeights;
import dev.troupe.deploy.recipe.Recipe;
import dev.troupe.deploy.terminal.Console;
import dev.troupe.learner.ProcessorKinds;
import dev.troupe.learner.checkpoint.CheckpointHooks;
import dev.troupe.learner.checkpoint.CheckpointStore;
import dev.troupe.protocol.checkpoint.CheckpointRef;
import dev.troupe.protocol.ledger.ProcessorKind;
import dev.troupe.protocol.run.ControlRun;
import dev.troupe.protocol.run.RunSpecification;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Proves a run's weights. */
@Command(
    name = "replay",
    header = "Makes a run's updates again from its journal and proves its weights.",
    footer = {
      "%nReads no checkpoint on the way: supervised steps come from the recipe, batches from the",
      "journal. Every update's batch and weights are compared with what the journal has of them,",
      "the kept checkpoints with what came out: bit by bit on the kind of processor that the run's",
      "learner had; on another, whose last bits differ, weights by tolerance. Exit code 1 names"
          + " the",
      "first update that differs, or what isn't proven.",
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

  @Override
  public Integer call() throws IOException {
    RunDirectory directory = RunDirectories.of(run);
    Recipe recipe = RecipeOptions.readUnchanged(directory.root());
    return replay(directory, recipe);
  }

  private int replay(RunDirectory directory, Recipe recipe) throws IOException {
    RunSpecification run = recipe.specification();
    Provable provable = Provable.read(directory);
    ProcessorKind here =
        ProcessorKinds.here(
            run.runtime().learnerDevice(), run.runtime().learnerThreads(), System.getenv());
    List<String> differences = provable.differences(here);
    if (!differences.isEmpty() && run.control().isPresent()) {
      throw new CommandFailure(
          ExitCode.REFUSED,
          "a run in environments is replayed bit by bit only, on the kind of processor that learned"
              + " it: "
              + String.join("; ", differences));
    }
    if (!differences.isEmpty()) {
      sayHow(provable, here, differences);
    }
    Path saved = Files.createTempDirectory("troupe-replay");
    Path apart = Files.createTempDirectory("troupe-replay");
    Optional<CheckpointRef> from =
        provable.summarised() ? CheckpointProof.oldest(directory.checkpoints()) : Optional.empty();
    Map<Long, CheckpointRef> kept =
        new CheckpointStore(directory.checkpoints(), CheckpointHooks.NONE)
            .list().stream()
                .filter(provable.committed()::contains)
                .collect(Collectors.toMap(CheckpointRef::update, ref -> ref, (_, later) -> later));
    from.ifPresent(
        ref ->
            console.line(
                "Old segments of the journal were deleted: beginning with the checkpoint of step "
                    + ref.update()));
    try (ReplayedRun replayed =
        new ReplayedRun(
            new Workshop(directory, recipe, saved, apart),
            differences.isEmpty(),
            run.replay().reuse(),
            kept,
            StoredWeights.of(run).names(),
            update -> {
              if (update % TELL_EVERY == 0 || update == provable.lastStep()) {
                console.line("step " + update + " of " + provable.lastStep());
              }
            })) {
      replayed.replay(directory, from);
      List<CheckpointProof> proofs =
          CheckpointProof.of(
              directory.checkpoints(), run, provable.committed(), from, replayed, saved);
      return conclude(provable, from, replayed, proofs);
    } finally {
      Folders.delete(saved);
      Folders.delete(apart);
    }
  }

  private void sayHow(Provable provable, ProcessorKind here, List<String> differences) {
    String was =
        provable.processors().stream()
            .map(ProcessorKind::text)
            .distinct()
            .collect(Collectors.joining("; "));
    console.line(
        (was.isEmpty() ? ProcessorKind.UNKNOWN.text() : was)
            + ": weights are compared by tolerance, for the last bits may differ from what this"
            + " processor makes ("
            + here.text()
            + ")");
    differences.forEach(difference -> console.line("  " + difference));
  }

  private int conclude(
      Provable provable,
      Optional<CheckpointRef> from,
      ReplayedRun replayed,
      List<CheckpointProof> proofs) {
    replayed
        .divergence()
        .ifPresent(
            first ->
                console.format(
                    "%s at step %d: %s", console.bad("DIFFERS"), first.update(), first.why()));
    boolean nothing =
        replayed.equal() + replayed.near() == 0
            && proofs.stream().noneMatch(CheckpointProof::isProven);
    if (replayed.divergence().isEmpty()) {
      if (nothing) {
        sayWhyNothing(provable, from, replayed);
      } else {
        sayProven(replayed);
      }
    }
    proofs.forEach(proof -> console.line("  " + proof.text()));
    return replayed.divergence().isPresent()
            || nothing
            || proofs.stream().anyMatch(CheckpointProof::isDoubtful)
        ? ExitCode.FAILED
        : ExitCode.DONE;
  }

  private void sayProven(ReplayedRun replayed) {
    if (replayed.equal() > 0 || replayed.near() + replayed.blurred() + replayed.unknown() == 0) {
      console.format(
          "%s: the weights of %d steps are bit-equal to what the journal has for them",
          console.good("proven"), replayed.equal());
    }
    if (replayed.near() > 0) {
      console.format(
          "%s by tolerance: the batches of %d steps are those that were learned from, their"
              + " weights as near as rounding explains",
          console.good("proven"), replayed.near());
    }
    if (replayed.blurred() > 0) {
      console.format(
          "The batches of %d more steps are those that were learned from; rounding alone moves"
              + " weights too far there for these to say much. Stretches between kept checkpoints"
              + " can be proven: checkpoints.keep.",
          replayed.blurred());
    }
    if (replayed.unknown() > 0) {
      console.format(
          "The weights of %d steps have other last bits, and the journal, being of an earlier"
              + " Troupe, has nothing else of them: their checkpoints are compared.",
          replayed.unknown());
    }
  }

  private void sayWhyNothing(
      Provable provable, Optional<CheckpointRef> from, ReplayedRun replayed) {
    String why;
    if (provable.steps() == 0 && provable.committed().isEmpty()) {
      why = "the learner ended before its first checkpoint and its first update";
    } else if (from.isPresent()) {
      why =
          "old segments were deleted, so the replay began with the checkpoint of step %d, and"
                  .formatted(from.get().update())
              + " nothing that the journal has comes after it";
    } else if (replayed.blurred() > 0) {
      why =
          "rounding alone moves weights too far to say much; the batches of %d steps are those that"
                  .formatted(replayed.blurred())
              + " were learned from";
    } else if (replayed.unknown() > 0) {
      why = "the last bits differ, and none of the checkpoints is kept";
    } else {
      why = "the journal doesn't lead to them, and none of the checkpoints is kept";
    }
    console.format(
        "%s: the journal has the weights of %d steps and %d committed checkpoints, but %s",
        console.bad("nothing proven"), provable.steps(), provable.committed().size(), why);
  }

  /** Makes learners, each kind in a folder of its own: they tidy up there when they begin. */
  private record Workshop(RunDirectory directory, Recipe recipe, Path saved, Path apart)
      implements ReplayedRun.Learners {
    @Override
    public LearnerEngine open(Optional<CheckpointRef> from) {
      return open(recipe, from, saved);
    }

    @Override
    public LearnerEngine openOther(Optional<CheckpointRef> from) {
      return open(otherwiseSummed(directory, recipe.specification()), from, apart);
    }

    private LearnerEngine open(Recipe of, Optional<CheckpointRef> from, Path folder) {
      from.ifPresent(ref -> copy(directory.checkpoints(), ref, folder));
      Optional<ControlRun> control = of.specification().control();
      if (control.isPresent()) {
        return new ControlLearners(
                of.specification(),
                control.get(),
                folder,
                new Epochs(folder, "learner"),
                _ -> {},
                UnaryOperator.identity())
            .open(ReplayedRun.INCARNATION, from);
      }
      return new TorchLearners(
              of.specification(),
              folder,
              new Epochs(folder, "learner"),
              of.files(),
              _ -> {},
              UnaryOperator.identity())
          .open(ReplayedRun.INCARNATION, from);
    }

    /** The run's recipe with gradients summed in smaller parts: the same numbers, rounded apart. */
    private static Recipe otherwiseSummed(RunDirectory directory, RunSpecification run) {
      int sequences = run.replay().batchTrajectories() / run.learner().minibatches();
      int smallest =
          Math.min(
              run.learner().microBatch(),
              run.sft().steps() == 0 ? sequences : Math.min(sequences, run.sft().batch()));
      return RecipeOptions.readWith(
          directory.root(), "learner.micro-batch=" + Math.max(1, smallest / 2));
    }

    private static void copy(Path checkpoints, CheckpointRef ref, Path folder) {
      String name = CheckpointStore.name(ref);
      try {
        Path target = Files.createDirectories(folder.resolve(name));
        try (Stream<Path> files = Files.list(checkpoints.resolve(name))) {
          for (Path file : files.toList()) {
            Files.copy(
                file, target.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
