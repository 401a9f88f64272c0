package dev.troupe.actors.learner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.actors.replay.ReplayActor;
import dev.troupe.protocol.checkpoint.CheckpointRef;
import java.util.Optional;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.api.Test;

class LearnerCheckpointsTest {
  private final TestInbox<LearnerActor.Command> learner = TestInbox.create();
  private final LearnerCheckpoints checkpoints = new LearnerCheckpoints();

  private static CheckpointRef checkpoint(long update) {
    return new CheckpointRef(update, 1, "a".repeat(64));
  }

  private void save(long update) {
    checkpoints.saving();
    checkpoints.saved(
        new ReplayActor.CheckpointWritten(1, checkpoint(update), update, 0, learner.getRef()));
  }

  @Test
  void isSafeOnlyOnceTheNewestOneCounts() {
    assertThat(checkpoints.isMissing(4)).isTrue();
    checkpoints.saving();
    assertThat(checkpoints.isMissing(4)).isFalse();
    checkpoints.saved(new ReplayActor.CheckpointWritten(1, checkpoint(4), 4, 0, learner.getRef()));
    assertThat(checkpoints.isMissing(4)).isFalse();
    assertThat(checkpoints.isMissing(5)).isTrue();
    assertThat(checkpoints.isSafe(4)).isFalse();
    checkpoints.committed(checkpoint(4));
    assertThat(checkpoints.isSafe(4)).isTrue();
    save(6);
    assertThat(checkpoints.isSafe(4)).isFalse();
  }

  @Test
  void aLateCommitOfAnEarlierOneLeavesTheNewestToBeSaidAgain() {
    save(4);
    save(6);
    checkpoints.committed(checkpoint(4));
    assertThat(checkpoints.uncommitted().map(written -> written.checkpoint().update()))
        .contains(6L);
    assertThat(checkpoints.committed()).contains(checkpoint(4));
  }

  @Test
  void whatItBeginsFromCounts() {
    checkpoints.beginFrom(Optional.of(checkpoint(8)));
    assertThat(checkpoints.has(8)).isTrue();
    assertThat(checkpoints.isSafe(8)).isTrue();
    assertThat(checkpoints.has(9)).isFalse();
  }

  @Test
  void keepsTheBestAndTheTwoThatAreBeingEvaluated() {
    checkpoints.awaitVerdict(2);
    checkpoints.awaitVerdict(4);
    checkpoints.best(2);
    checkpoints.awaitVerdict(6);
    assertThat(checkpoints.kept()).containsExactlyInAnyOrder(2L, 4L, 6L);
    checkpoints.best(4);
    assertThat(checkpoints.kept()).containsExactlyInAnyOrder(4L, 6L);
  }
}
