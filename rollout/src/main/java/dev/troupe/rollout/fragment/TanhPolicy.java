package dev.troupe.rollout.fragment;

import dev.troupe.model.network.ControlNetwork;
import dev.troupe.model.network.Parameters;
import dev.troupe.rollout.environment.Actions;
import dev.troupe.rollout.environment.Space;
import java.util.ArrayList;
import java.util.List;

/**
 * The built-in network, tanh layers and a linear end, computed in Java: a call into libtorch costs
 * more than what this network computes for dozens of lanes.
 *
 * <p>Parameters: {@code actor.0.weight} [out, in], {@code actor.0.bias} and so on; {@code
 * actor.log-std} for actions that are numbers; {@code observation.mean} and {@code
 * observation.scale} where observations are normalised.
 */
final class TanhPolicy implements LanePolicy {
  static final String LOG_STD = "actor.log-std";

  private static final float[] NONE = {};

  private final int lanes;
  private final ObservationScale normaliser;
  private final List<DenseLayer> layers;
  private final ActionHead head;

  /** [N, width] of the observations and of each layer. */
  private final float[][] activations;

  /**
   * @param parameters of the network; copied
   * @param lanes N
   */
  TanhPolicy(ControlNetwork network, Parameters parameters, Space actions, int lanes) {
    int observation = network.shape().observation();
    this.lanes = lanes;
    this.layers = layers(parameters);
    this.normaliser =
        new ObservationScale(
            optional(parameters, ControlNetwork.OBSERVATION_MEAN),
            optional(parameters, ControlNetwork.OBSERVATION_SCALE),
            (float) network.shape().clip());
    this.head = ActionHead.of(actions, optional(parameters, LOG_STD));
    checkWidths(observation, actions);
    this.activations = new float[layers.size() + 1][];
    activations[0] = new float[lanes * observation];
    for (int i = 0; i < layers.size(); i++) {
      activations[i + 1] = new float[lanes * layers.get(i).outputs()];
    }
  }

  private static List<DenseLayer> layers(Parameters parameters) {
    List<DenseLayer> layers = new ArrayList<>();
    while (parameters.names().contains(name(layers.size(), "weight"))) {
      int layer = layers.size();
      layers.add(
          new DenseLayer(
              parameters.get(name(layer, "weight")).toFloats(),
              parameters.get(name(layer, "bias")).toFloats()));
    }
    return List.copyOf(layers);
  }

  private static String name(int layer, String part) {
    return "actor." + layer + "." + part;
  }

  private static float[] optional(Parameters parameters, String name) {
    return parameters.names().contains(name) ? parameters.get(name).toFloats() : NONE;
  }

  private void checkWidths(int observation, Space actions) {
    int inputs = layers.getFirst().inputs();
    int outputs = layers.getLast().outputs();
    if (inputs != observation || outputs != head.width()) {
      throw new IllegalArgumentException(
          "the policy takes ["
              + inputs
              + "] numbers and gives ["
              + outputs
              + "], expected ["
              + observation
              + "] and ["
              + head.width()
              + "] for "
              + actions.describe());
    }
  }

  @Override
  public float[] state() {
    return NONE;
  }

  @Override
  public void episodeBegins(int lane) {}

  @Override
  public void act(
      float[] observations, ActionNoise noise, boolean greedy, Actions actions, float[] logProbs) {
    normaliser.apply(observations, activations[0], lanes);
    for (int i = 0; i < layers.size(); i++) {
      layers.get(i).apply(activations[i], activations[i + 1], lanes);
      if (i < layers.size() - 1) {
        Tanh.apply(activations[i + 1], activations[i + 1].length);
      }
    }
    float[] outputs = activations[layers.size()];
    for (int lane = 0; lane < lanes; lane++) {
      logProbs[lane] = (float) head.draw(outputs, lane, noise, greedy, actions);
    }
  }

  @Override
  public void close() {}
}
