package dev.troupe.deploy.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.troupe.model.tokenizer.ByteTokenizer;
import dev.troupe.model.tokenizer.CharacterTokenizer;
import dev.troupe.model.tokenizer.Tokenizer;
import dev.troupe.protocol.run.ModelSpecification;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TokenizerFilesTest {
  @TempDir Path folder;

  @Test
  void sequencesBeginForOthersAsTheyDoForUs() throws Exception {
    check(new ModelSpecification.Tokenizer.Characters("0123=+"), new CharacterTokenizer("0123=+"));
    check(new ModelSpecification.Tokenizer.Bytes(), new ByteTokenizer());
  }

  private void check(ModelSpecification.Tokenizer specification, Tokenizer ours) throws Exception {
    TokenizerFiles.write(folder, specification);

    JsonObject written =
        JsonParser.parseString(Files.readString(folder.resolve("tokenizer.json")))
            .getAsJsonObject();
    JsonObject template = written.getAsJsonObject("post_processor");
    assertThat(template.get("single"))
        .hasToString(
            "[{\"SpecialToken\":{\"id\":\"<begin>\",\"type_id\":0}},"
                + "{\"Sequence\":{\"id\":\"A\",\"type_id\":0}}]");
    assertThat(template.getAsJsonObject("special_tokens").getAsJsonObject("<begin>").get("ids"))
        .hasToString("[" + ours.begin() + "]");
    JsonObject vocabulary = written.getAsJsonObject("model").getAsJsonObject("vocab");
    assertThat(vocabulary.get("<begin>").getAsInt()).isEqualTo(ours.begin());
    assertThat(vocabulary.get("<end>").getAsInt()).isEqualTo(ours.end());
    assertThat(vocabulary.size()).isEqualTo(ours.size());
  }
}
