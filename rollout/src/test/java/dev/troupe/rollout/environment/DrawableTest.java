package dev.troupe.rollout.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.troupe.rollout.picture.Picture;
import dev.troupe.rollout.picture.Point;
import dev.troupe.rollout.picture.Shape;
import dev.troupe.rollout.picture.Tint;
import dev.troupe.rollout.random.Pcg64;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DrawableTest {
  static Stream<String> drawn() {
    return VectorEnvironmentTest.ids().filter(id -> !id.equals("Bandit-v0"));
  }

  private static VectorEnvironment stage(String id, Map<String, String> options) {
    return new VectorEnvironment(
        Environments.standard().find(id, options), 1, AutoresetMode.SAME_STEP, () -> 0);
  }

  private static Picture picture(VectorEnvironment stage) {
    return stage.drawable(0).orElseThrow().picture();
  }

  @ParameterizedTest
  @MethodSource("drawn")
  void picturesKeepTheirSizeAndChangeNothing(String id) {
    VectorEnvironment seen = stage(id, Map.of());
    VectorEnvironment unseen = stage(id, Map.of());
    seen.reset(3);
    unseen.reset(3);
    Picture first = picture(seen);
    boolean moves = false;
    Pcg64 random = new Pcg64(1);
    for (int step = 0; step < 60; step++) {
      seen.actions().sample(0, random);
      System.arraycopy(seen.actions().choices(), 0, unseen.actions().choices(), 0, choices(seen));
      System.arraycopy(seen.actions().values(), 0, unseen.actions().values(), 0, values(seen));
      seen.step();
      unseen.step();
      Picture now = picture(seen);
      moves |= !now.equals(first);
      assertThat(now.width()).isEqualTo(first.width());
      assertThat(now.height()).isEqualTo(first.height());
      assertThat(now.shapes()).isNotEmpty();
      assertThat(seen.observations()).isEqualTo(unseen.observations());
    }
    assertThat(moves).isTrue();
    assertThat(seen.drawable(0).orElseThrow().stepsPerSecond()).isBetween(1.0, 60.0);
  }

  private static int choices(VectorEnvironment stage) {
    return stage.actions().choices().length;
  }

  private static int values(VectorEnvironment stage) {
    return stage.actions().values().length;
  }

  @Test
  void aWrappedEnvironmentIsSeenAndOneWithoutPicturesIsNot() {
    VectorEnvironment wrapped = stage("CartPole-v1", Map.of("frame-stack", "4"));
    wrapped.reset(0);
    assertThat(wrapped.drawable(0)).isPresent();
    assertThat(stage("Bandit-v0", Map.of()).drawable(0)).isEmpty();
  }

  @Test
  void theCartIsWhereItIsAndThePoleLeansAsItLeans() {
    VectorEnvironment stage = stage("CartPole-v1", Map.of("reset-low", "0.1", "reset-high", "0.1"));
    stage.reset(0);

    // 0.1 of 2.4 to the right of 240, where 2.4 are 200 units; a pole of 140 that leans 0.1.
    Shape.Line pole = line(picture(stage), Tint.ORANGE);
    assertThat(pole.points().getFirst().x()).isCloseTo(248.33, within(0.01));
    assertThat(pole.points().getLast().x()).isCloseTo(248.33 + 140 * 0.09983, within(0.01));
    assertThat(pole.points().getLast().y()).isCloseTo(175 - 140 * 0.995, within(0.01));
  }

  @Test
  void whoFellIntoAHoleIsRed() {
    VectorEnvironment stage =
        new VectorEnvironment(
            Environments.standard().find("FrozenLake-v1", Map.of("is-slippery", "false")),
            1,
            AutoresetMode.DISABLED,
            () -> 0);
    stage.reset(0);
    assertThat(disc(picture(stage), Tint.ORANGE)).isEqualTo(new Point(28, 28));
    stage.actions().choices()[0] = 1;
    stage.step();
    stage.actions().choices()[0] = 2;
    stage.step();
    assertThat(disc(picture(stage), Tint.RED)).isEqualTo(new Point(76, 76));
  }

  private static Shape.Line line(Picture picture, Tint tint) {
    return picture.shapes().stream()
        .filter(shape -> shape.tint() == tint)
        .filter(Shape.Line.class::isInstance)
        .map(Shape.Line.class::cast)
        .findFirst()
        .orElseThrow();
  }

  private static Point disc(Picture picture, Tint tint) {
    return picture.shapes().stream()
        .filter(shape -> shape.tint() == tint)
        .filter(Shape.Disc.class::isInstance)
        .map(shape -> ((Shape.Disc) shape).centre())
        .findFirst()
        .orElseThrow();
  }
}
