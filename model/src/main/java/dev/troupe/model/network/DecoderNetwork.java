package dev.troupe.model.network;

import dev.troupe.model.safetensors.TensorFile;
import dev.troupe.model.torch.ProgramSource;
import dev.troupe.model.torch.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * A Llama-family decoder: names and order of its parameters, initial weights, program text.
 *
 * <p>The text ({@code decoder.py}) says which functions it offers; compile it together with a
 * source that calls them, passing {@link #constants}.
 */
public final class DecoderNetwork {
  private static final String HEAD = "lm_head.weight";

  private static final String BIAS = ".bias";

  private final DecoderShape shape;
  private final List<ParameterShape> layout;

  public DecoderNetwork(DecoderShape shape) {
    this.shape = shape;
    this.layout = layout(shape);
  }

  public DecoderShape shape() {
    return shape;
  }

  /** Parameters in the order in which programs take them, with Hugging Face's names. */
  public List<ParameterShape> layout() {
    return layout;
  }

  /** The names of {@link #layout}. */
  public List<String> names() {
    return layout.stream().map(ParameterShape::name).toList();
  }

  /** Number of elements of all parameters. */
  public long elements() {
    return layout.stream().mapToLong(ParameterShape::elements).sum();
  }

  /** The text of the network, to be composed with a source that uses it. */
  public List<ProgramSource> sources() {
    return Stream.of("decoder.py", "decoder_training.py", "decoder_sampling.py")
        .map(
            file ->
                ProgramSource.resource(DecoderNetwork.class, "/dev/troupe/model/programs/" + file))
        .toList();
  }

  /** What the text's upper-case names stand for; {@code more} adds those of other sources. */
  public Map<String, Object> constants(Map<String, Object> more) {
    Map<String, Object> constants = new HashMap<>(more);
    constants.put("LAYERS", shape.layers());
    constants.put("HEADS", shape.heads());
    constants.put("KV_HEADS", shape.kvHeads());
    constants.put("HEAD_SIZE", shape.headSize());
    constants.put("ROPE_THETA", shape.ropeTheta());
    constants.put("NORM_EPSILON", shape.normEpsilon());
    constants.put("POSITIONS", shape.positions());
    constants.put("TIED", shape.tied());
    constants.put("ATTENTION_BIAS", shape.attentionBias());
    constants.put("FEED_FORWARD_BIAS", shape.feedForwardBias());
    constants.put("ROPE_FACTOR", shape.ropeScaling().factor());
    constants.put("ROPE_LOW", shape.ropeScaling().lowFrequency());
    constants.put("ROPE_HIGH", shape.ropeScaling().highFrequency());
    constants.put("ROPE_POSITIONS", (double) shape.ropeScaling().positions());
    constants.put("ONEDNN", System.getProperty("os.arch", "").equals("amd64"));
    return Map.copyOf(constants);
  }

  /**
   * Initial float32 weights: norms are one, biases zero, every other element is drawn from a normal
   * law of standard deviation {@code initStd}, one {@link SplittableRandom} a parameter, seeded
   * with {@code seed} mixed with the parameter's number.
   */
  public Parameters initial(long seed) {
    List<Tensor> tensors = new ArrayList<>();
    for (int i = 0; i < layout.size(); i++) {
      ParameterShape parameter = layout.get(i);
      float[] values = new float[Math.toIntExact(parameter.elements())];
      if (parameter.shape().size() == 1) {
        Arrays.fill(values, parameter.name().endsWith(BIAS) ? 0f : 1f);
      } else {
        SplittableRandom random = new SplittableRandom(seed + 0x9E3779B97F4A7C15L * (i + 1));
        for (int j = 0; j < values.length; j++) {
          values[j] = (float) (shape.initStd() * random.nextGaussian());
        }
      }
      tensors.add(Tensor.of(values, parameter.extents()));
    }
    return new Parameters(names(), tensors);
  }

  /**
   * Weights from a safetensors file, or a folder with one or with shards, widened to float32. A
   * head beside a tied embedding is left out.
   *
   * @throws IllegalArgumentException when names or shapes are not this network's
   */
  public Parameters load(Path fileOrFolder) throws IOException {
    try (TensorFile file = TensorFile.open(fileOrFolder)) {
      return ParameterFiles.read(file, layout, shape.tied() ? Set.of(HEAD) : Set.of());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "weights [" + fileOrFolder + "] do not fit the network: " + e.getMessage(), e);
    }
  }

  private static List<ParameterShape> layout(DecoderShape shape) {
    long hidden = shape.hidden();
    long queries = (long) shape.heads() * shape.headSize();
    long keys = (long) shape.kvHeads() * shape.headSize();
    long inner = shape.feedForward();
    List<ParameterShape> layout = new ArrayList<>();
    layout.add(ParameterShape.of("model.embed_tokens.weight", shape.vocabulary(), hidden));
    for (int i = 0; i < shape.layers(); i++) {
      String layer = "model.layers." + i + ".";
      layout.add(ParameterShape.of(layer + "self_attn.q_proj.weight", queries, hidden));
      layout.add(ParameterShape.of(layer + "self_attn.k_proj.weight", keys, hidden));
      layout.add(ParameterShape.of(layer + "self_attn.v_proj.weight", keys, hidden));
      layout.add(ParameterShape.of(layer + "self_attn.o_proj.weight", hidden, queries));
      layout.add(ParameterShape.of(layer + "mlp.gate_proj.weight", inner, hidden));
      layout.add(ParameterShape.of(layer + "mlp.up_proj.weight", inner, hidden));
      layout.add(ParameterShape.of(layer + "mlp.down_proj.weight", hidden, inner));
      layout.add(ParameterShape.of(layer + "input_layernorm.weight", hidden));
      layout.add(ParameterShape.of(layer + "post_attention_layernorm.weight", hidden));
    }
    layout.add(ParameterShape.of("model.norm.weight", hidden));
    if (!shape.tied()) {
      layout.add(ParameterShape.of(HEAD, shape.vocabulary(), hidden));
    }
    if (shape.attentionBias()) {
      for (int i = 0; i < shape.layers(); i++) {
        String attention = "model.layers." + i + ".self_attn.";
        layout.add(ParameterShape.of(attention + "q_proj" + BIAS, queries));
        layout.add(ParameterShape.of(attention + "k_proj" + BIAS, keys));
        layout.add(ParameterShape.of(attention + "v_proj" + BIAS, keys));
        layout.add(ParameterShape.of(attention + "o_proj" + BIAS, hidden));
      }
    }
    if (shape.feedForwardBias()) {
      for (int i = 0; i < shape.layers(); i++) {
        String feedForward = "model.layers." + i + ".mlp.";
        layout.add(ParameterShape.of(feedForward + "gate_proj" + BIAS, inner));
        layout.add(ParameterShape.of(feedForward + "up_proj" + BIAS, inner));
        layout.add(ParameterShape.of(feedForward + "down_proj" + BIAS, hidden));
      }
    }
    return List.copyOf(layout);
  }
}
