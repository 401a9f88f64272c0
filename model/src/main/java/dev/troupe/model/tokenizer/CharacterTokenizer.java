package dev.troupe.model.tokenizer;

import dev.troupe.protocol.tensor.IntArray;
import java.util.HashMap;
import java.util.Map;

/**
 * Ids 0, 1, 2 are pad, begin and end; id 3 + i is the i-th character (Unicode code point) of an
 * alphabet.
 */
public final class CharacterTokenizer implements Tokenizer {
  private static final int FIRST = 3;

  private final int[] alphabet;
  private final Map<Integer, Integer> ids = new HashMap<>();

  /**
   * A tokenizer for an alphabet.
   *
   * @throws IllegalArgumentException when it is empty or a character is in it twice
   */
  public CharacterTokenizer(String alphabet) {
    this.alphabet = alphabet.codePoints().toArray();
    if (this.alphabet.length == 0) {
      throw new IllegalArgumentException("the alphabet of a character tokenizer is empty");
    }
    for (int i = 0; i < this.alphabet.length; i++) {
      if (ids.put(this.alphabet[i], FIRST + i) != null) {
        throw new IllegalArgumentException(
            "character " + shown(this.alphabet[i]) + " is in the alphabet twice");
      }
    }
  }

  @Override
  public int size() {
    return FIRST + alphabet.length;
  }

  @Override
  public IntArray encode(String text) {
    int[] characters = text.codePoints().toArray();
    int[] result = new int[characters.length];
    for (int i = 0; i < characters.length; i++) {
      Integer id = ids.get(characters[i]);
      if (id == null) {
        throw new IllegalArgumentException(
            "character "
                + shown(characters[i])
                + " at position ["
                + i
                + "] of ["
                + text
                + "] is not in the alphabet ["
                + new String(alphabet, 0, alphabet.length)
                + "]");
      }
      result[i] = id;
    }
    return IntArray.of(result);
  }

  @Override
  public TextStream stream() {
    return new TextStream() {
      @Override
      public String accept(int id) {
        if (id < 0 || id >= size()) {
          throw new IllegalArgumentException(
              "token id [" + id + "] is outside 0 .. " + (size() - 1));
        }
        return id < FIRST ? "" : Character.toString(alphabet[id - FIRST]);
      }

      @Override
      public String finish() {
        return "";
      }
    };
  }

  @Override
  public int pad() {
    return 0;
  }

  @Override
  public int begin() {
    return 1;
  }

  @Override
  public int end() {
    return 2;
  }

  private static String shown(int character) {
    return "[" + Character.toString(character) + "] (U+" + String.format("%04X", character) + ")";
  }
}
