package dev.troupe.rollout.environment.mujoco;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.troupe.rollout.environment.BadEnvironmentException;
import dev.troupe.rollout.environment.EnvironmentKind;
import dev.troupe.rollout.environment.EnvironmentOptions;
import dev.troupe.rollout.environment.Transition;
import dev.troupe.rollout.picture.Picture;
import dev.troupe.rollout.picture.Shape;
import dev.troupe.rollout.picture.Tint;
import dev.troupe.rollout.random.Pcg64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** With MuJoCo where it is on this machine; where it isn't, that it is said what helps. */
class BodiesTest {
  @Test
  void hopperStandsOnTheGroundAsItsModelSays() {
    var here = new MujocoInstallation(System.getenv());
    EnvironmentKind hopper = MujocoTasks.kinds(System.getenv()).getFirst();
    var options = new EnvironmentOptions("Hopper-v5", Map.of("reset-noise-scale", "0"));
    if (here.library().isEmpty() || here.models().isEmpty()) {
      assertThatThrownBy(() -> hopper.make().apply(options))
          .isInstanceOf(BadEnvironmentException.class);
      return;
    }
    var environment = (MujocoEnvironment) hopper.make().apply(options);
    try {
      environment.reset(new Pcg64(0), Transition.of(environment.observationSpace()));
      Picture picture = environment.picture();

      assertThat(environment.stepsPerSecond()).isCloseTo(125, within(1e-9));
      // 3.6 m are 480 units wide, 0.8 m are in the middle; torso, thigh, leg and foot.
      List<Shape.Line> bodies =
          picture.shapes().stream()
              .filter(shape -> shape.tint() == Tint.ORANGE)
              .map(Shape.Line.class::cast)
              .toList();
      assertThat(bodies).hasSize(4);
      assertThat(bodies.getFirst().points())
          .extracting(point -> 0.8 + (160 - point.y()) / 480 * 3.6)
          .satisfies(
              ends -> {
                assertThat(ends.stream().mapToDouble(each -> each).max())
                    .hasValueCloseTo(1.45, within(1e-9));
                assertThat(ends.stream().mapToDouble(each -> each).min())
                    .hasValueCloseTo(1.05, within(1e-9));
              });
      assertThat(bodies.getFirst().width()).isCloseTo(2 * 0.05 * 480 / 3.6, within(1e-9));
    } finally {
      environment.close();
    }
  }

  @Test
  void aCameraSeesFromTheSideAndFromAbove() {
    Camera beside = Camera.beside(4, 1);
    assertThat(beside.right(2, 5)).isEqualTo(2);
    assertThat(beside.up(2, 5, 3)).isEqualTo(3);
    assertThat(beside.depth(2, 5, 3)).isEqualTo(5);
    Camera above = Camera.above(4);
    assertThat(above.up(2, 5, 3)).isCloseTo(5, within(1e-12));
    assertThat(above.depth(2, 5, 3)).isCloseTo(-3, within(1e-12));
    assertThat(new Camera(90, 0, 4, 0, true).right(2, 5)).isCloseTo(5, within(1e-12));
  }
}
