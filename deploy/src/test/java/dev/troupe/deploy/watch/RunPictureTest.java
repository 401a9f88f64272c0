package dev.troupe.deploy.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.actors.run.Phase;
import dev.troupe.actors.run.RunEvent;
import dev.troupe.actors.run.Stage;
import dev.troupe.deploy.page.ViewJson;
import dev.troupe.deploy.page.ViewReader;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class RunPictureTest {
  private final AtomicLong nanos = new AtomicLong();
  private final RunPicture picture = new RunPicture("sums", 10, 100, nanos::get);
  private final PretendRun run = new PretendRun(picture);

  @Test
  void goesOnFromTheUpdateThatAnEarlierProcessReached() {
    RunPicture picture = new RunPicture("sums", 450, 100, () -> 0);
    double none = Double.NaN;

    picture.restore(
        List.of(
            new RunView.Point(480, 0.5, none, 1, 1, 1, 0, 0, 0.25),
            new RunView.Point(480, none, 0.75, none, none, none, none, none, none)),
        30);

    assertThat(picture.view().elapsed()).isEqualTo(Duration.ofSeconds(30));
    assertThat(picture.view().update()).isEqualTo(30);
    assertThat(picture.view().step()).isEqualTo(480);
    assertThat(picture.view().accuracy()).hasValue(0.75);
    assertThat(picture.view().samplingError()).hasValue(0.25);
  }

  @Test
  void beginsWithNothingKnown() {
    RunView view = picture.view();

    assertThat(view.phase()).isEqualTo(Phase.STARTING);
    assertThat(view.reward()).isEmpty();
    assertThat(view.left()).isEmpty();
    assertThat(view.history()).isEmpty();
  }

  @Test
  void reckonsTheTimeLeftFromThePaceOfThisProcess() {
    run.phase(Phase.RUNNING, Stage.REINFORCED);
    run.update(41, 1, 0);
    nanos.set(Duration.ofSeconds(2).toNanos());
    run.update(42, 1, 0);

    assertThat(picture.view().left()).contains(Duration.ofSeconds(116));
    assertThat(picture.view().elapsed()).isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void theRewardIsTheMeanOfTheSamplesSinceTheUpdateBefore() {
    run.sample("1+1=", "2", "2", "1 digit");
    run.sample("1+2=", "2", "3", "1 digit");
    run.update(1, 0, 0);
    assertThat(picture.view().reward()).hasValue(0.5);

    run.sample("1+3=", "4", "4", "1 digit");
    run.update(2, 0, 0);
    assertThat(picture.view().reward()).hasValue(1);
    assertThat(picture.view().difficulties().get("1 digit"))
        .isEqualTo(new RunView.Difficulty(3, 2.0 / 3, 0));
  }

  @Test
  void showsWhoJudgesAndWhatEachVerifierSaid() {
    run.sample("1+1=", "2", "2", "1 digit");
    run.sample("1+2=", "2", "3", "1 digit");
    run.swapped();
    run.shadowed();

    Judges judges = picture.view().judges();

    assertThat(judges.swaps()).isEqualTo(1);
    assertThat(judges.verifiers())
        .containsExactly(
            new Judges.Verifier(
                "mine@2 22222222", Judges.State.IN_FORCE, 0, Double.NaN, 0, Double.NaN, Double.NaN),
            new Judges.Verifier("exact@1 h", Judges.State.AT_WORK, 2, 0.5, 0, 0.001, 0.001));
    assertThat(judges.shadow())
        .hasValueSatisfying(
            shadow -> {
              assertThat(shadow.name()).isEqualTo("other@1 01");
              assertThat(shadow.agreement()).isEqualTo(0.8);
              assertThat(shadow.shadowScoreMean()).isEqualTo(1);
              assertThat(shadow.examples())
                  .containsExactly(new Judges.Example("1+1=", "3", "0", "crashed: boom"));
            });
    assertThat(ViewReader.read(ViewJson.of(picture.view(), 0, true)).judges()).isEqualTo(judges);
  }

  @Test
  void keepsTheLatestSamplesFirst() {
    for (int i = 0; i < 100; i++) {
      run.sample(i + "=", "x", "y", "");
    }

    assertThat(picture.view().samples()).hasSize(24);
    assertThat(picture.view().samples().getFirst().prompt()).isEqualTo("99=");
    assertThat(picture.view().samples().getFirst().right()).isFalse();
  }

  @Test
  void aLongHistoryIsThinnedOutButKeepsItsEvaluations() {
    run.evaluation(RunEvent.Occasion.BEFORE, 0, 0.5);
    for (int i = 1; i <= 10_000; i++) {
      run.update(i, 1, 0);
    }

    assertThat(picture.view().history()).hasSizeBetween(500, 2_000);
    assertThat(picture.view().history().getFirst().accuracy()).isEqualTo(0.5);
  }

  @Test
  void aStallIsShownUntilItEnds() {
    run.stalled("learner", "batch 4", Duration.ofSeconds(31));
    assertThat(picture.view().stall())
        .contains(new RunView.Stall("learner", "batch 4", Duration.ofSeconds(31)));

    picture.on(new RunEvent.StallEnded(Duration.ofSeconds(40)));
    assertThat(picture.view().stall()).isEmpty();
  }
}
