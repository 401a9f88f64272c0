package dev.troupe.deploy.policy;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.troupe.protocol.run.ModelSpecification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Our tokenizers as Hugging Face's {@code tokenizers} library reads them. Characters: a vocabulary
 * of single characters behind a splitter that isolates each. Bytes: byte-level BPE without merges,
 * whose 256 tokens are the printable stand-ins that GPT-2 gave to bytes.
 */
final class TokenizerFiles {
  private static final List<String> SPECIAL = List.of("<pad>", "<begin>", "<end>");
  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().serializeNulls().create();

  private TokenizerFiles() {}

  static void write(Path folder, ModelSpecification.Tokenizer tokenizer) throws IOException {
    JsonObject json =
        switch (tokenizer) {
          case ModelSpecification.Tokenizer.Bytes() -> bytes();
          case ModelSpecification.Tokenizer.Characters(String alphabet) -> characters(alphabet);
        };
    Files.writeString(folder.resolve("tokenizer.json"), GSON.toJson(json) + "\n");
    JsonObject config = new JsonObject();
    config.addProperty("tokenizer_class", "PreTrainedTokenizerFast");
    config.addProperty("pad_token", SPECIAL.get(0));
    config.addProperty("bos_token", SPECIAL.get(1));
    config.addProperty("eos_token", SPECIAL.get(2));
    config.addProperty("clean_up_tokenization_spaces", false);
    Files.writeString(folder.resolve("tokenizer_config.json"), GSON.toJson(config) + "\n");
  }

  private static JsonObject characters(String alphabet) {
    JsonObject vocabulary = special();
    alphabet
        .codePoints()
        .forEach(
            character -> vocabulary.addProperty(Character.toString(character), vocabulary.size()));
    JsonObject model = new JsonObject();
    model.addProperty("type", "WordLevel");
    model.add("vocab", vocabulary);
    model.addProperty("unk_token", SPECIAL.getFirst());
    JsonObject pattern = new JsonObject();
    pattern.addProperty("Regex", "[\\s\\S]");
    JsonObject splitter = new JsonObject();
    splitter.addProperty("type", "Split");
    splitter.add("pattern", pattern);
    splitter.addProperty("behavior", "Isolated");
    splitter.addProperty("invert", false);
    return tokenizer(model, splitter, only("Fuse"));
  }

  private static JsonObject bytes() {
    JsonObject vocabulary = special();
    int standIn = 256;
    for (int value = 0; value < 256; value++) {
      boolean ascii = value >= '!' && value <= '~';
      boolean latin = value >= 0xa1 && value <= 0xff && value != 0xad;
      String token = Character.toString(ascii || latin ? value : standIn++);
      vocabulary.addProperty(token, vocabulary.size());
    }
    JsonObject model = new JsonObject();
    model.addProperty("type", "BPE");
    model.add("vocab", vocabulary);
    model.add("merges", new JsonArray());
    JsonObject splitter = only("ByteLevel");
    splitter.addProperty("add_prefix_space", false);
    splitter.addProperty("trim_offsets", false);
    splitter.addProperty("use_regex", false);
    JsonObject decoder = only("ByteLevel");
    decoder.addProperty("add_prefix_space", false);
    decoder.addProperty("trim_offsets", false);
    decoder.addProperty("use_regex", false);
    return tokenizer(model, splitter, decoder);
  }

  private static JsonObject tokenizer(JsonObject model, JsonElement splitter, JsonElement decoder) {
    JsonObject json = new JsonObject();
    json.addProperty("version", "1.0");
    json.add("truncation", null);
    json.add("padding", null);
    json.add("added_tokens", added());
    json.add("normalizer", null);
    json.add("pre_tokenizer", splitter);
    json.add("post_processor", beginning());
    json.add("decoder", decoder);
    json.add("model", model);
    return json;
  }

  /** Policies were trained on sequences that begin so, and answer badly to others. */
  private static JsonObject beginning() {
    JsonArray single = new JsonArray();
    single.add(piece("SpecialToken", SPECIAL.get(1), 0));
    single.add(piece("Sequence", "A", 0));
    JsonArray pair = single.deepCopy();
    pair.add(piece("Sequence", "B", 1));
    JsonObject token = new JsonObject();
    token.addProperty("id", SPECIAL.get(1));
    JsonArray ids = new JsonArray();
    ids.add(1);
    token.add("ids", ids);
    JsonArray tokens = new JsonArray();
    tokens.add(SPECIAL.get(1));
    token.add("tokens", tokens);
    JsonObject special = new JsonObject();
    special.add(SPECIAL.get(1), token);
    JsonObject template = only("TemplateProcessing");
    template.add("single", single);
    template.add("pair", pair);
    template.add("special_tokens", special);
    return template;
  }

  private static JsonObject piece(String kind, String id, int type) {
    JsonObject inner = new JsonObject();
    inner.addProperty("id", id);
    inner.addProperty("type_id", type);
    JsonObject piece = new JsonObject();
    piece.add(kind, inner);
    return piece;
  }

  private static JsonArray added() {
    JsonArray added = new JsonArray();
    for (int id = 0; id < SPECIAL.size(); id++) {
      JsonObject token = new JsonObject();
      token.addProperty("id", id);
      token.addProperty("content", SPECIAL.get(id));
      token.addProperty("single_word", false);
      token.addProperty("lstrip", false);
      token.addProperty("rstrip", false);
      token.addProperty("normalized", false);
      token.addProperty("special", true);
      added.add(token);
    }
    return added;
  }

  private static JsonObject special() {
    JsonObject vocabulary = new JsonObject();
    SPECIAL.forEach(token -> vocabulary.addProperty(token, vocabulary.size()));
    return vocabulary;
  }

  private static JsonObject only(String type) {
    JsonObject json = new JsonObject();
    json.addProperty("type", type);
    return json;
  }
}
