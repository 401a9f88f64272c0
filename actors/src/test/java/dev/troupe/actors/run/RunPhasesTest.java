package dev.troupe.actors.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.actors.learner.LearnerActor;
import dev.troupe.actors.replay.ReplayActor;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunPhasesTest {
  @TempDir Path directory;
  private final RunSaid said = new RunSaid();
  private RunPhases phases;

  @BeforeEach
  void open() {
    phases =
        new RunPhases(
            directory,
            new RunProgress(Recipes.small().build()),
            Milestones.open(new RunDirectory(directory)),
            said);
  }

  @Test
  void goesOnWhenBothSomebodyAndTheDiskLetIt() {
    phases.run(Stage.REINFORCED, "");
    phases.pauseByHand();
    phases.diskLow(1, 2);
    phases.goOnByHand();
    assertThat(said.phase()).isEqualTo(Phase.PAUSED);
    assertThat(said.replay).containsExactly(new ReplayActor.Hold("the run is paused"));
    phases.diskFine();
    assertThat(said.phase()).isEqualTo(Phase.RUNNING);
    assertThat(said.learner).containsExactly(new LearnerActor.Pause(), new LearnerActor.GoOn());
  }

  @Test
  void aPauseThatSomebodyWantedOutlivesAFullDisk() {
    phases.run(Stage.REINFORCED, "");
    phases.diskLow(1, 2);
    phases.pauseByHand();
    phases.diskFine();
    assertThat(said.phase()).isEqualTo(Phase.PAUSED);
    phases.goOnByHand();
    assertThat(said.phase()).isEqualTo(Phase.RUNNING);
    assertThat(said.replay)
        .containsExactly(new ReplayActor.Hold("the run is paused"), new ReplayActor.GoOn());
  }

  @Test
  void aRunThatStartsPausesAsSoonAsItRuns() {
    phases.pauseByHand();
    assertThat(said.statuses).isEmpty();
    phases.run(Stage.SUPERVISED, "");
    assertThat(said.phase()).isEqualTo(Phase.PAUSED);
    assertThat(said.learner).containsExactly(new LearnerActor.Pause());
  }

  @Test
  void aPausedRunCanBeDrainedAndIsNotPausedAgain() {
    phases.run(Stage.REINFORCED, "");
    phases.pauseByHand();
    assertThat(phases.drain()).isTrue();
    assertThat(said.learner).containsExactly(new LearnerActor.Pause(), new LearnerActor.GoOn());
    phases.pauseByHand();
    phases.diskLow(1, 2);
    assertThat(said.phase()).isEqualTo(Phase.DRAINING);
    assertThat(phases.drain()).isFalse();
  }

  @Test
  void saysHowMuchDiskIsMissing() {
    phases.run(Stage.REINFORCED, "");
    phases.diskLow(7, 1_000);
    assertThat(said.statuses.getLast().detail())
        .isEqualTo(
            "[7] bytes of disk are free at ["
                + directory
                + "], less than the [1000] of replay.journal.free-disk-min; the run goes on when"
                + " there is room");
  }
}
