package dev.troupe.deploy.episode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.deploy.episode.Film.Next;
import dev.troupe.deploy.episode.Frame.End;
import dev.troupe.rollout.environment.Environments;
import dev.troupe.rollout.picture.Picture;
import dev.troupe.rollout.picture.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class FilmTest {
  private static RandomPlayer player(String id, Map<String, String> options) {
    return new RandomPlayer(Environments.standard().find(id, options), 7, () -> 0);
  }

  private static List<Frame> frames(RandomPlayer player, int episodes, int stepsMax) {
    List<Frame> frames = new ArrayList<>();
    new Film(player, stepsMax)
        .play(
            episodes,
            frame -> {
              frames.add(frame);
              return Next.STEP;
            });
    return frames;
  }

  @Test
  void showsEachEpisodeFromItsBeginningToItsEnd() {
    List<Frame> frames = frames(player("TwoStep-v0", Map.of("rewards", "3,3,3,3")), 2, 100);

    assertThat(frames).extracting(Frame::episode).containsExactly(1, 1, 1, 2, 2, 2);
    assertThat(frames).extracting(Frame::step).containsExactly(0, 1, 2, 0, 1, 2);
    assertThat(frames)
        .extracting(Frame::end)
        .containsExactly(End.NONE, End.NONE, End.TERMINATED, End.NONE, End.NONE, End.TERMINATED);
    assertThat(frames.getFirst().caption()).isEqualTo("episode 1");
    assertThat(frames.getLast().caption())
        .matches("episode 2  step 2  (left|right)  reward 3.000  return 3.000  terminated");
  }

  @Test
  void leavesAnEpisodeThatTakesTooLongAndTellsTimeLimits() {
    assertThat(frames(player("Pendulum-v1", Map.of()), 1, 5))
        .hasSize(6)
        .last()
        .extracting(Frame::end)
        .isEqualTo(End.LEFT);
    assertThat(frames(player("Pendulum-v1", Map.of("time-limit", "5")), 1, 5).getLast().end())
        .isEqualTo(End.TRUNCATED);
  }

  @Test
  void goesOnToTheNextEpisodeAndStopsWhenTheViewerSaysSo() {
    List<String> seen = new ArrayList<>();
    new Film(player("CartPole-v1", Map.of()), 100)
        .play(
            10,
            frame -> {
              seen.add(frame.episode() + "." + frame.step());
              return frame.episode() == 3
                  ? Next.STOP
                  : frame.step() == 1 ? Next.EPISODE : Next.STEP;
            });
    assertThat(seen).containsExactly("1.0", "1.1", "2.0", "2.1", "3.0");
  }

  @Test
  void theSameSeedShowsTheSame() {
    assertThat(frames(player("Taxi-v4", Map.of()), 2, 20))
        .isEqualTo(frames(player("Taxi-v4", Map.of()), 2, 20));
  }

  @Test
  void whatHasNoPictureShowsItsObservationsAsCurves() {
    var player = player("Bandit-v0", Map.of());
    assertThat(new Film(player, 9).isDrawn()).isFalse();

    Picture picture = frames(player, 1, 9).getLast().picture();
    assertThat(picture.shapes())
        .filteredOn(Shape.Label.class::isInstance)
        .extracting(shape -> ((Shape.Label) shape).text())
        .containsExactly("observation 0", "1.000");
  }

  @Test
  void theCaptionLiesBelowThePicture() {
    Frame frame = frames(player("CartPole-v1", Map.of()), 1, 3).getLast();
    Picture captioned = frame.captioned();

    assertThat(captioned.height()).isGreaterThan(frame.picture().height());
    assertThat(captioned.shapes())
        .filteredOn(Shape.Label.class::isInstance)
        .allSatisfy(
            shape ->
                assertThat(((Shape.Label) shape).at().y()).isGreaterThan(frame.picture().height()));
  }
}
