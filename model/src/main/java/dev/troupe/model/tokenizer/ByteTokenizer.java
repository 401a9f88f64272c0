package dev.troupe.model.tokenizer;

import dev.troupe.protocol.tensor.IntArray;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Ids 0, 1, 2 are pad, begin and end; id 3 + b is the byte b of the text in UTF-8. */
public final class ByteTokenizer implements Tokenizer {
  private static final int FIRST = 3;

  @Override
  public int size() {
    return FIRST + 256;
  }

  @Override
  public IntArray encode(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int[] ids = new int[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      ids[i] = FIRST + Byte.toUnsignedInt(bytes[i]);
    }
    return IntArray.of(ids);
  }

  @Override
  public TextStream stream() {
    return new Utf8Stream();
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

  /** Holds back the bytes of an unfinished character; bytes that are no UTF-8 become U+FFFD. */
  private static final class Utf8Stream implements TextStream {
    private final CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    private final ByteBuffer pending = ByteBuffer.allocate(8);
    private final CharBuffer out = CharBuffer.allocate(16);

    @Override
    public String accept(int id) {
      if (id < 0 || id >= FIRST + 256) {
        throw new IllegalArgumentException(
            "token id [" + id + "] is outside 0 .. " + (FIRST + 255));
      }
      if (id < FIRST) {
        return "";
      }
      pending.put((byte) (id - FIRST));
      return take(false);
    }

    @Override
    public String finish() {
      String rest = take(true);
      decoder.reset();
      return rest;
    }

    private String take(boolean last) {
      pending.flip();
      decoder.decode(pending, out, last);
      if (last) {
        decoder.flush(out);
      }
      pending.compact();
      String text = out.flip().toString();
      out.clear();
      return text;
    }
  }
}
