package dev.troupe.model.tokenizer;

import dev.troupe.protocol.run.ModelSpecification;

/** Makes the tokenizer that a recipe asks for. */
public final class Tokenizers {
  private Tokenizers() {}

  public static Tokenizer of(ModelSpecification.Tokenizer specification) {
    return switch (specification) {
      case ModelSpecification.Tokenizer.Bytes() -> new ByteTokenizer();
      case ModelSpecification.Tokenizer.Characters(String alphabet) ->
          new CharacterTokenizer(alphabet);
    };
  }
}
