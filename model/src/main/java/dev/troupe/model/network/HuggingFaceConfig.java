package dev.troupe.model.network;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import dev.troupe.protocol.run.RopeScaling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Hugging Face's {@code config.json} of Llama models: with {@code rope_theta} at the top level, as
 * most published checkpoints have it, or within {@code rope_parameters}.
 */
public final class HuggingFaceConfig {
  private static final String LLAMA3 = "llama3";

  private final Path file;
  private final JsonObject json;

  private HuggingFaceConfig(Path file, JsonObject json) {
    this.file = file;
    this.json = json;
  }

  /**
   * Reads a network's sizes.
   *
   * @throws IllegalArgumentException naming key, value and what is supported, when the network is
   *     not one that {@code decoder.py} computes
   */
  public static DecoderShape read(Path file) throws IOException {
    try {
      JsonObject json = new Gson().fromJson(Files.readString(file), JsonObject.class);
      if (json == null) {
        throw new IllegalArgumentException("model configuration [" + file + "] is empty");
      }
      return new HuggingFaceConfig(file, json).shape();
    } catch (JsonParseException e) {
      throw new IllegalArgumentException(
          "model configuration [" + file + "] is not JSON: " + e.getMessage(), e);
    }
  }

  /**
   * The configuration that other software reads a network's safetensors with.
   *
   * @param pad id of the padding token
   * @param begin id that begins a sequence
   * @param end id that ends an answer
   */
  public static String write(DecoderShape shape, int pad, int begin, int end) {
    JsonObject json = new JsonObject();
    JsonArray architectures = new JsonArray();
    architectures.add("LlamaForCausalLM");
    json.add("architectures", architectures);
    json.addProperty("attention_bias", shape.attentionBias());
    json.addProperty("bos_token_id", begin);
    json.addProperty("eos_token_id", end);
    json.addProperty("head_dim", shape.headSize());
    json.addProperty("hidden_act", "silu");
    json.addProperty("hidden_size", shape.hidden());
    json.addProperty("initializer_range", shape.initStd());
    json.addProperty("intermediate_size", shape.feedForward());
    json.addProperty("max_position_embeddings", shape.positions());
    json.addProperty("mlp_bias", shape.feedForwardBias());
    json.addProperty("model_type", "llama");
    json.addProperty("num_attention_heads", shape.heads());
    json.addProperty("num_hidden_layers", shape.layers());
    json.addProperty("num_key_value_heads", shape.kvHeads());
    json.addProperty("pad_token_id", pad);
    json.addProperty("rms_norm_eps", shape.normEpsilon());
    json.addProperty("rope_theta", shape.ropeTheta());
    if (!shape.ropeScaling().equals(RopeScaling.NONE)) {
      json.add("rope_scaling", scaling(shape.ropeScaling()));
    }
    json.addProperty("tie_word_embeddings", shape.tied());
    json.addProperty("torch_dtype", "float32");
    json.addProperty("vocab_size", shape.vocabulary());
    return new GsonBuilder().setPrettyPrinting().create().toJson(json) + "\n";
  }

  private static JsonObject scaling(RopeScaling scaling) {
    JsonObject json = new JsonObject();
    json.addProperty("factor", scaling.factor());
    json.addProperty("high_freq_factor", scaling.highFrequency());
    json.addProperty("low_freq_factor", scaling.lowFrequency());
    json.addProperty("original_max_position_embeddings", scaling.positions());
    json.addProperty("rope_type", LLAMA3);
    return json;
  }

  private DecoderShape shape() {
    only("model_type", "llama", "llama");
    only("hidden_act", "silu", "silu");
    JsonObject rope = object("rope_parameters");
    RopeScaling scaling = ropeScaling(rope, object("rope_scaling"));
    int hidden = integer("hidden_size");
    int heads = integer("num_attention_heads");
    return new DecoderShape(
        integer("vocab_size"),
        hidden,
        integer("num_hidden_layers"),
        heads,
        has(json, "num_key_value_heads") ? integer("num_key_value_heads") : heads,
        has(json, "head_dim") ? integer("head_dim") : hidden / heads,
        integer("intermediate_size"),
        integer("max_position_embeddings"),
        number(rope, "rope_theta", number(json, "rope_theta", 10_000)),
        number(json, "rms_norm_eps", 1e-6),
        text(json, "tie_word_embeddings", "false").equals("true"),
        number(json, "initializer_range", 0.02),
        text(json, "attention_bias", "false").equals("true"),
        text(json, "mlp_bias", "false").equals("true"),
        scaling);
  }

  /** Published checkpoints have it apart, newer ones within the parameters of the rotation. */
  private RopeScaling ropeScaling(JsonObject rope, JsonObject apart) {
    String inner = text(rope, "rope_type", "default");
    JsonObject scaling = inner.equals("default") ? apart : rope;
    String type = text(scaling, "rope_type", text(scaling, "type", inner));
    return switch (type) {
      case "default" -> RopeScaling.NONE;
      case LLAMA3 ->
          new RopeScaling(
              number(scaling, "factor", 1),
              number(scaling, "low_freq_factor", 1),
              number(scaling, "high_freq_factor", 4),
              (int) number(scaling, "original_max_position_embeddings", 8192));
      default ->
          throw new IllegalArgumentException(
              "model configuration ["
                  + file
                  + "]: rope scaling ["
                  + type
                  + "] is not supported, expected [default] or [llama3]");
    };
  }

  private void only(String key, String supported, String byDefault) {
    String got = text(json, key, byDefault);
    if (!got.equals(supported)) {
      throw new IllegalArgumentException(
          "model configuration ["
              + file
              + "]: "
              + key
              + " ["
              + got
              + "] is not supported, expected ["
              + supported
              + "]");
    }
  }

  private int integer(String key) {
    if (!has(json, key)) {
      throw new IllegalArgumentException("model configuration [" + file + "] has no [" + key + "]");
    }
    double value = number(json, key, 0);
    if (value != Math.rint(value) || Math.abs(value) > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "model configuration ["
              + file
              + "]: "
              + key
              + " must be a whole number, got ["
              + value
              + "]");
    }
    return (int) value;
  }

  private double number(JsonObject from, String key, double byDefault) {
    String text = text(from, key, Double.toString(byDefault));
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "model configuration [" + file + "]: " + key + " must be a number, got [" + text + "]",
          e);
    }
  }

  private String text(JsonObject from, String key, String byDefault) {
    if (!has(from, key)) {
      return byDefault;
    }
    JsonElement value = from.get(key);
    if (!value.isJsonPrimitive()) {
      throw new IllegalArgumentException(
          "model configuration [" + file + "]: " + key + " must be one value, got [" + value + "]");
    }
    return value.getAsString();
  }

  private JsonObject object(String key) {
    return has(json, key) && json.get(key).isJsonObject()
        ? json.getAsJsonObject(key)
        : new JsonObject();
  }

  private static boolean has(JsonObject from, String key) {
    return from.has(key) && !from.get(key).isJsonNull();
  }
}
