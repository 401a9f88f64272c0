package dev.troupe.model.tokenizer;

import dev.troupe.protocol.tensor.IntArray;

/** Text to token ids and back. Safe for use by several threads. */
public interface Tokenizer {

  /** Number of ids, special ones included. */
  int size();

  /**
   * Ids of a text; no special ids are added.
   *
   * @throws IllegalArgumentException when the text has a character that no id stands for
   */
  IntArray encode(String text);

  /** The text of ids; special ids are left out. */
  default String decode(IntArray ids) {
    TextStream stream = stream();
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < ids.size(); i++) {
      text.append(stream.accept(ids.at(i)));
    }
    return text.append(stream.finish()).toString();
  }

  /** Text of ids that come one by one. */
  TextStream stream();

  /** Id that fills the ends of short sequences. */
  int pad();

  /** Id that begins a sequence. */
  int begin();

  /** Id that ends an answer. */
  int end();

  /** Decodes ids one by one; gives a character out when its last byte has come. */
  interface TextStream {
    /** What became complete with this id; often empty or one character. */
    String accept(int id);

    /** What never became complete, as replacement characters. */
    String finish();
  }
}
