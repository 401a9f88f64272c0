package dev.troupe.learner.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.troupe.model.network.ActionDistribution.Categorical;
import dev.troupe.model.network.ControlNetwork;
import dev.troupe.model.network.ControlShape;
import dev.troupe.model.network.PolicySnapshot;
import dev.troupe.protocol.policy.PolicyVersion;
import dev.troupe.protocol.run.ControlSpecification.Adjustment;
import dev.troupe.protocol.run.ControlSpecification.AdjustmentMethod;
import dev.troupe.protocol.run.ControlSpecification.Bootstrap;
import dev.troupe.protocol.run.ControlSpecification.Recurrence;
import dev.troupe.protocol.tensor.TensorData;
import dev.troupe.protocol.trajectory.TrajectoryBody.EnvironmentFragment;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The same steps told in other ways teach the same. */
final class ExperienceTest {
  private static final PolicyVersion VERSION = new PolicyVersion(1, 0, 0, "0".repeat(64));

  @Test
  void rowsThatResetInsertTeachNothing() {
    for (Recurrence recurrence : Recurrence.values()) {
      ControlNetwork network = network(recurrence);
      EnvironmentFragment sameStep = played(network, 20, 1).getFirst();
      EnvironmentFragment nextStep = withInsertedRows(sameStep);
      assertThat(nextStep.steps()).isEqualTo(24);
      Controls controls = controls();
      assertThat(weights(controls, network, List.of(List.of(nextStep))))
          .as("%s", recurrence)
          .containsExactly(weights(controls, network, List.of(List.of(sameStep))), within(2e-5f));
    }
  }

  @Test
  void whatFollowsATruncatedStepCountsUnlessTheRecipeSaysOtherwise() {
    ControlNetwork network = network(Recurrence.NONE);
    EnvironmentFragment fragment = played(network, 20, 1).getFirst();
    Controls controls = controls();
    float[] bootstrapped = weights(controls, network, List.of(List.of(fragment)));
    controls.bootstrap = Bootstrap.NEVER_AFTER_DONE;
    float[] ended = weights(controls, network, List.of(List.of(fragment)));
    assertThat(ended).isNotEqualTo(bootstrapped);
    EnvironmentFragment terminated = allTerminated(fragment);
    assertThat(weights(controls, network, List.of(List.of(terminated)))).containsExactly(ended);
    controls.bootstrap = Bootstrap.TERMINATED_ONLY;
    assertThat(weights(controls, network, List.of(List.of(terminated)))).containsExactly(ended);
  }

  @Test
  void collectionsThatGoOnAreOneLongOne() {
    ControlNetwork network = network(Recurrence.NONE);
    List<EnvironmentFragment> halves = played(network, 10, 2);
    EnvironmentFragment whole = played(network, 20, 1).getFirst();
    Controls controls = controls();
    float[] once = weights(controls, network, List.of(List.of(whole)));
    controls.adjustment = new Adjustment(AdjustmentMethod.NONE, 2, 1, 0, 0, 1, 0.3, 0, 0, 0, false);
    assertThat(weights(controls, network, List.of(List.of(halves.get(0)), List.of(halves.get(1)))))
        .containsExactly(once);
    assertThat(weights(controls, network, List.of(List.of(halves.get(1)), List.of(halves.get(0)))))
        .isNotEqualTo(once);
  }

  @Test
  void fragmentsOfDifferentLengthsAreRefused() {
    ControlNetwork network = network(Recurrence.NONE);
    List<EnvironmentFragment> both =
        List.of(played(network, 10, 1).getFirst(), played(network, 12, 1).getFirst());
    assertThatThrownBy(() -> weights(controls(), network, List.of(both)))
        .hasMessage("fragments of an update must have as many steps each, got [10] and [12]");
  }

  private static Controls controls() {
    Controls controls = new Controls();
    controls.minibatches = 1;
    controls.normaliseRewards = true;
    return controls;
  }

  private static ControlNetwork network(Recurrence recurrence) {
    int width = recurrence == Recurrence.NONE ? 0 : 3;
    return ControlNetwork.of(
        new ControlShape(2, List.of(4), recurrence, width, new Categorical(2), false, 10));
  }

  /** Weights after these batches. */
  private static float[] weights(
      Controls controls, ControlNetwork network, List<List<EnvironmentFragment>> batches) {
    ControlLearner.Context context = new ControlLearner.Context(controls.build(), network, 5, 1, 0);
    try (ControlLearner learner = ControlLearner.fresh(context)) {
      for (List<EnvironmentFragment> fragments : batches) {
        learner.update(SignGame.batch(learner.nextBatch(), VERSION, fragments));
      }
      try (PolicySnapshot policy = learner.snapshot()) {
        float[] all = new float[(int) policy.parameters().elements()];
        int at = 0;
        for (var each : policy.parameters().tensors()) {
          float[] values = each.toFloats();
          System.arraycopy(values, 0, all, at, values.length);
          at += values.length;
        }
        return all;
      }
    }
  }

  private static List<EnvironmentFragment> played(ControlNetwork network, int steps, int times) {
    ControlLearner.Context context =
        new ControlLearner.Context(new Controls().build(), network, 5, 1, 0);
    try (ControlLearner learner = ControlLearner.fresh(context);
        SignGame game = new SignGame(network, false, steps, 1, 3);
        PolicySnapshot policy = learner.snapshot()) {
      return Stream.generate(() -> game.play(policy)).limit(times).toList();
    }
  }

  private static EnvironmentFragment allTerminated(EnvironmentFragment fragment) {
    boolean[] over = fragment.terminated().toBooleans();
    boolean[] cut = fragment.truncated().toBooleans();
    for (int i = 0; i < over.length; i++) {
      over[i] |= cut[i];
    }
    return with(
        fragment,
        fragment.steps(),
        fragment.observations(),
        fragment.actions(),
        fragment.logProbs(),
        fragment.rewards(),
        TensorData.of(over, over.length, 1),
        TensorData.of(new boolean[over.length], over.length, 1),
        fragment.inserted(),
        TensorData.of(new float[0], 0, 2));
  }

  /** The same single lane as next-step autoreset tells it. */
  private static EnvironmentFragment withInsertedRows(EnvironmentFragment from) {
    boolean[] over = from.terminated().toBooleans();
    boolean[] cut = from.truncated().toBooleans();
    int steps = from.steps();
    int ends = 0;
    for (int t = 0; t < steps; t++) {
      ends += over[t] || cut[t] ? 1 : 0;
    }
    float[] x = from.observations().toFloats();
    int[] actions = from.actions().toInts();
    float[] logp = from.logProbs().toFloats();
    double[] rewards = from.rewards().toDoubles();
    float[] finals = from.finalObservations().toFloats();
    int rows = steps + ends;
    float[] x2 = new float[2 * rows];
    int[] actions2 = new int[rows];
    float[] logp2 = new float[rows];
    double[] rewards2 = new double[rows];
    boolean[] over2 = new boolean[rows];
    boolean[] cut2 = new boolean[rows];
    boolean[] inserted = new boolean[rows];
    int row = 0;
    int nextFinal = 0;
    for (int t = 0; t < steps; t++, row++) {
      System.arraycopy(x, 2 * t, x2, 2 * row, 2);
      actions2[row] = actions[t];
      logp2[row] = logp[t];
      rewards2[row] = rewards[t];
      over2[row] = over[t];
      cut2[row] = cut[t];
      if (over[t] || cut[t]) {
        row++;
        inserted[row] = true;
        logp2[row] = -1000;
        if (cut[t]) {
          System.arraycopy(finals, 2 * nextFinal++, x2, 2 * row, 2);
        }
      }
    }
    return with(
        from,
        rows,
        TensorData.of(x2, rows, 1, 2),
        TensorData.of(actions2, rows, 1, 1),
        TensorData.of(logp2, rows, 1),
        TensorData.of(rewards2, rows, 1),
        TensorData.of(over2, rows, 1),
        TensorData.of(cut2, rows, 1),
        TensorData.of(inserted, rows, 1),
        TensorData.of(new float[0], 0, 2));
  }

  private static EnvironmentFragment with(
      EnvironmentFragment from,
      int steps,
      TensorData observations,
      TensorData actions,
      TensorData logProbs,
      TensorData rewards,
      TensorData terminated,
      TensorData truncated,
      TensorData inserted,
      TensorData finals) {
    assertThat(rewards.shape()).isEqualTo(List.of((long) steps, 1L));
    return new EnvironmentFragment(
        observations,
        actions,
        logProbs,
        rewards,
        terminated,
        truncated,
        inserted,
        finals,
        from.lastObservation(),
        from.startState(),
        from.startReturns(),
        from.episodeReturns(),
        from.episodeLengths());
  }
}
