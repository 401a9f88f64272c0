package dev.troupe.deploy.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.troupe.actors.learner.LearnerEngine;
import dev.troupe.deploy.history.CheckpointProof.Standing;
import dev.troupe.deploy.recipe.Processor;
import dev.troupe.deploy.recipe.RecipeReader;
import dev.troupe.learner.checkpoint.CheckpointHooks;
import dev.troupe.learner.checkpoint.CheckpointStore;
import dev.troupe.protocol.checkpoint.CheckpointRef;
import dev.troupe.protocol.run.RunSpecification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CheckpointProofTest {
  @TempDir Path folder = Path.of("");

  @Test
  void aCheckpointThatTheReplayDidNotComeToIsNotProven() throws IOException {
    CheckpointRef ref = written(25);

    assertThat(proofs(Set.of(ref), Optional.empty()))
        .singleElement()
        .satisfies(
            proof -> {
              assertThat(proof.standing()).isEqualTo(Standing.NOT_REACHED);
              assertThat(proof.isProven()).isFalse();
              assertThat(proof.isDoubtful()).isTrue();
              assertThat(proof.text())
                  .isEqualTo("checkpoint of step 25: NOT PROVEN: the replay didn't come to it");
            });
  }

  @Test
  void whereTheReplayBeganAndWhatNeverCountedIsNeitherProofNorDoubt() throws IOException {
    CheckpointRef first = written(25);
    CheckpointRef second = written(50);

    assertThat(proofs(Set.of(first), Optional.of(first)))
        .extracting(CheckpointProof::checkpoint, CheckpointProof::standing)
        .containsExactly(tuple(first, Standing.BEGINNING), tuple(second, Standing.NEVER_COMMITTED));
    assertThat(proofs(Set.of(first), Optional.of(first)))
        .noneMatch(CheckpointProof::isProven)
        .noneMatch(CheckpointProof::isDoubtful);
  }

  private CheckpointRef written(long update) {
    return new CheckpointStore(folder.resolve("checkpoints"), CheckpointHooks.NONE)
        .write(update, 1, Map.of("weights.safetensors", file -> Files.writeString(file, "")));
  }

  private List<CheckpointProof> proofs(Set<CheckpointRef> committed, Optional<CheckpointRef> began)
      throws IOException {
    return CheckpointProof.of(
        folder.resolve("checkpoints"), run(), committed, began, nowhere(), folder.resolve("saved"));
  }

  private RunSpecification run() throws IOException {
    Path recipe = Files.writeString(folder.resolve("my.conf"), "");
    return new RecipeReader(Processor.here()).read(recipe, List.of()).specification();
  }

  /** A replay that never began. */
  private static ReplayedRun nowhere() {
    ReplayedRun.Learners none =
        new ReplayedRun.Learners() {
          @Override
          public LearnerEngine open(Optional<CheckpointRef> from) {
            throw new AssertionError("not asked for");
          }

          @Override
          public LearnerEngine openOther(Optional<CheckpointRef> from) {
            throw new AssertionError("not asked for");
          }
        };
    return new ReplayedRun(none, true, 1, Map.of(), List.of(), _ -> {});
  }
}
