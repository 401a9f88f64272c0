package dev.troupe.rollout.environment.mujoco;

import dev.troupe.rollout.environment.Environment;
import dev.troupe.rollout.environment.EnvironmentKind;
import dev.troupe.rollout.environment.EnvironmentOptions;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/** The MuJoCo tasks, by Gymnasium's ids and v5 rules. */
public final class MujocoTasks {
  static final MujocoTask HOPPER =
      new MujocoTask(
          "Hopper-v5",
          "hopper.xml",
          "3ce93a055ffdcd83c0c701d2400768e40d2cbb9532f3c4ae33377c27f8b39f9e",
          4,
          Camera.beside(3.6, 0.8));
  static final MujocoTask WALKER =
      new MujocoTask(
          "Walker2d-v5",
          "walker2d_v5.xml",
          "6bed53a6cc3ca73c4fe8ac3486d3b4228927264a6454f4ef16d3eed3c58bc09d",
          4,
          Camera.beside(4, 0.9));
  static final MujocoTask CHEETAH =
      new MujocoTask(
          "HalfCheetah-v5",
          "half_cheetah.xml",
          "11797a5d69e8ac955e89ca6fdd3a0087f1c990094fda401ac51420de1b6c5494",
          5,
          Camera.beside(4, 0.7));
  static final MujocoTask SWIMMER =
      new MujocoTask(
          "Swimmer-v5",
          "swimmer.xml",
          "25b0d46bf5522920fea6a579353aee39d391ad9e2a0574b53f83704c11b21b12",
          4,
          Camera.above(6));
  static final MujocoTask ANT =
      new MujocoTask(
          "Ant-v5",
          "ant.xml",
          "cd5f83ef0ea35b0969e65d360c5bacd5b74ccaef6b27e4433b5168c605e3e2be",
          5,
          Camera.aslant(5, 0.4));
  static final MujocoTask HUMANOID =
      new MujocoTask(
          "Humanoid-v5",
          "humanoid.xml",
          "85816f372c826d2094b4a598918233bd9c5843b2439119eece2733bdc2e0d073",
          5,
          Camera.aslant(4, 0.9));
  static final MujocoTask PENDULUM =
      new MujocoTask(
          "InvertedPendulum-v5",
          "inverted_pendulum.xml",
          "80910a9af85cd47072be82d6f92c5e6a115d0eecc3eb464e58542b285c89fb7f",
          2,
          Camera.still(2.6, 0.4, 0));
  static final MujocoTask DOUBLE_PENDULUM =
      new MujocoTask(
          "InvertedDoublePendulum-v5",
          "inverted_double_pendulum.xml",
          "2b4eadf03bd79a8772abd4c1a626b5755747f841801a694ea9528cc49211ba46",
          5,
          Camera.still(3.6, 0.6, 0));
  static final MujocoTask REACHER =
      new MujocoTask(
          "Reacher-v5",
          "reacher.xml",
          "3fabc64fc738326485a8231a9a649f784090a0c3d8215f8d2ccd6038b8e60cc4",
          2,
          Camera.still(0.75, 0, 90));

  private MujocoTasks() {}

  /**
   * All of them, whether MuJoCo is here or not: who makes one without it is told what helps.
   *
   * @param variables of the process, which lead to the library
   */
  public static List<EnvironmentKind> kinds(Map<String, String> variables) {
    var here = new MujocoInstallation(variables);
    return List.of(
        kind(
            HOPPER,
            "hop forward on one leg",
            1000,
            (task, options) -> new Runner(here, task, Runner.HOPPER, options)),
        kind(
            WALKER,
            "walk forward on two legs",
            1000,
            (task, options) -> new Runner(here, task, Runner.WALKER, options)),
        kind(
            CHEETAH,
            "run forward on two legs",
            1000,
            (task, options) -> new Runner(here, task, Runner.CHEETAH, options)),
        kind(
            SWIMMER,
            "swim forward with three links",
            1000,
            (task, options) -> new Runner(here, task, Runner.SWIMMER, options)),
        kind(
            ANT,
            "walk forward on four legs",
            1000,
            (task, options) -> new Ant(here, task, options)),
        kind(
            HUMANOID,
            "walk forward as people do",
            1000,
            (task, options) -> new Humanoid(here, task, options)),
        kind(
            PENDULUM,
            "balance a pole on a cart",
            1000,
            (task, options) -> new InvertedPendulum(here, task, options)),
        kind(
            DOUBLE_PENDULUM,
            "balance two poles on a cart",
            1000,
            (task, options) -> new InvertedDoublePendulum(here, task, options)),
        kind(
            REACHER,
            "touch a target with an arm",
            50,
            (task, options) -> new Reacher(here, task, options)));
  }

  private static EnvironmentKind kind(
      MujocoTask task,
      String about,
      int timeLimit,
      BiFunction<MujocoTask, EnvironmentOptions, Environment> make) {
    return new EnvironmentKind(
        task.id(), about + " (MuJoCo)", timeLimit, options -> make.apply(task, options));
  }
}
