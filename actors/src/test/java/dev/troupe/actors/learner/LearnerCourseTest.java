package dev.troupe.actors.learner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.actors.learner.LearnerCourse.Step;
import dev.troupe.actors.replay.ReplayActor;
import dev.troupe.actors.run.Recipes;
import dev.troupe.protocol.batch.Batch;
import dev.troupe.protocol.checkpoint.CheckpointRef;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.api.Test;

class LearnerCourseTest {
  private static final int LIFE = 3;
  private static final int SUPERVISED = 4;

  private final TestInbox<LearnerActor.Command> learner = TestInbox.create();
  private final LearnerCheckpoints checkpoints = new LearnerCheckpoints();
  private final LearnerCourse course =
      new LearnerCourse(
          new LearnerSchedule(Recipes.small().sft(SUPERVISED).updates(6).build()), checkpoints);

  private static LearnerEngine.Standing standing(long batches, long steps) {
    return new LearnerEngine.Standing(batches + steps, batches, steps);
  }

  private static Batch batch(long number) {
    return new Batch(number, List.of());
  }

  private static CheckpointRef checkpoint(long update) {
    return new CheckpointRef(update, LIFE, "a".repeat(64));
  }

  private void begunAt(long batches, long steps) {
    course.opened(LIFE, standing(batches, steps));
    assertThat(course.begun(LIFE)).isTrue();
  }

  private void announcedAt(long batches) {
    begunAt(batches, SUPERVISED);
    course.announced();
  }

  private void written(long update) {
    checkpoints.saving();
    checkpoints.saved(
        new ReplayActor.CheckpointWritten(
            LIFE, checkpoint(update), update - SUPERVISED, SUPERVISED, learner.getRef()));
  }

  private void update(long number) {
    assertThat(course.offer(batch(number))).isTrue();
    assertThat(course.next()).isEqualTo(Step.UPDATE);
    course.take();
    course.engineWorks();
    assertThat(course.next()).isEqualTo(Step.WAIT);
    course.updated(standing(number, SUPERVISED), Map.of());
  }

  @Test
  void doesNothingBeforeItsLifeIsRecorded() {
    assertThat(course.isUnopened()).isTrue();
    assertThat(course.waitsFor()).isEqualTo("the replay actor to say where to begin");
    course.engineWorks();
    assertThat(course.isUnopened()).isFalse();
    course.opened(LIFE, standing(0, 0));
    assertThat(course.next()).isEqualTo(Step.WAIT);
    assertThat(course.waitsFor()).isEqualTo("the replay actor to record incarnation [3]");
    assertThat(course.begun(2)).isFalse();
    assertThat(course.begun(3)).isTrue();
    assertThat(course.begun(3)).isFalse();
    assertThat(course.next()).isEqualTo(Step.PRETRAIN);
  }

  @Test
  void announcesItsVersionAfterTheSupervisedSteps() {
    begunAt(0, SUPERVISED - 1);
    assertThat(course.next()).isEqualTo(Step.PRETRAIN);
    course.pretrained(standing(0, SUPERVISED));
    assertThat(course.next()).isEqualTo(Step.ANNOUNCE);
    assertThat(course.wantedBatch()).isEmpty();
    course.announced();
    assertThat(course.next()).isEqualTo(Step.WAIT);
    assertThat(course.wantedBatch()).hasValue(1);
    assertThat(course.waitsFor()).isEqualTo("batch [1] from the replay actor");
  }

  @Test
  void hasNoSupervisedStepsAfterAnUpdate() {
    begunAt(2, SUPERVISED - 1);
    assertThat(course.next()).isEqualTo(Step.ANNOUNCE);
  }

  @Test
  void asksForTheNextBatchWhileOneTrains() {
    announcedAt(2);
    assertThat(course.offer(batch(4))).isFalse();
    assertThat(course.offer(batch(3))).isTrue();
    assertThat(course.wantedBatch()).isEmpty();
    assertThat(course.offer(batch(3))).isFalse();
    assertThat(course.take().number()).isEqualTo(3);
    course.engineWorks();
    assertThat(course.wantedBatch()).hasValue(4);
    assertThat(course.offer(batch(4))).isTrue();
    assertThat(course.next()).isEqualTo(Step.WAIT);
    course.updated(standing(3, SUPERVISED), Map.of());
    assertThat(course.next()).isEqualTo(Step.UPDATE);
    assertThat(course.take().number()).isEqualTo(4);
  }

  @Test
  void asksForNoBatchBeyondTheLastUpdate() {
    announcedAt(5);
    course.offer(batch(6));
    course.take();
    course.engineWorks();
    assertThat(course.wantedBatch()).isEmpty();
  }

  @Test
  void endsWithACheckpointOfItsLastUpdate() {
    announcedAt(5);
    update(6);
    assertThat(course.next()).isEqualTo(Step.SAVE);
    assertThat(course.finishing()).contains("it made the [6] updates that the recipe asks for");
    written(10);
    assertThat(course.next()).isEqualTo(Step.WAIT);
    assertThat(course.waitsFor()).isEqualTo("the commit of checkpoint [10]");
    checkpoints.committed(checkpoint(10));
    assertThat(course.next()).isEqualTo(Step.FINISH);
    course.finished();
    assertThat(course.next()).isEqualTo(Step.WAIT);
    assertThat(course.wantedBatch()).isEqualTo(OptionalLong.empty());
    assertThat(course.waitsFor()).isEmpty();
  }

  @Test
  void theFirstReasonToFinishCounts() {
    announcedAt(2);
    course.finish("drained");
    course.finish("enough");
    assertThat(course.finishing()).contains("drained");
    assertThat(course.wantedBatch()).isEmpty();
    assertThat(course.next()).isEqualTo(Step.SAVE);
  }

  @Test
  void finishesAtOnceWhereWhatItBeganFromIsAllThereIs() {
    checkpoints.beginFrom(Optional.of(checkpoint(6)));
    announcedAt(2);
    course.finish("drained");
    assertThat(course.next()).isEqualTo(Step.FINISH);
  }

  @Test
  void aPauseKeepsItFromUpdatesAndFromFinishing() {
    announcedAt(2);
    course.offer(batch(3));
    course.pause();
    assertThat(course.next()).isEqualTo(Step.WAIT);
    assertThat(course.waitsFor()).isEqualTo("the end of the pause");
    course.finish("drained");
    assertThat(course.next()).isEqualTo(Step.WAIT);
    course.goOn();
    assertThat(course.next()).isEqualTo(Step.SAVE);
  }

  @Test
  void supervisedStepsFinishEvenInAPause() {
    begunAt(0, 2);
    course.pause();
    assertThat(course.next()).isEqualTo(Step.WAIT);
    course.finish("drained");
    assertThat(course.next()).isEqualTo(Step.SAVE);
  }

  @Test
  void leavesOnceItsLastUpdateIsSafeWhateverElseIsWanted() {
    announcedAt(2);
    course.pause();
    course.leave();
    assertThat(course.next()).isEqualTo(Step.SAVE);
    written(6);
    assertThat(course.next()).isEqualTo(Step.WAIT);
    checkpoints.committed(checkpoint(6));
    assertThat(course.next()).isEqualTo(Step.LEAVE);
  }
}
