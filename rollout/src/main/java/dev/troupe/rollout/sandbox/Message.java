package dev.troupe.rollout.sandbox;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What goes to the first process of a jail and comes back: the number of fields in four bytes, then
 * the length and the bytes of each. Text is UTF-8.
 */
final class Message {
  private static final int FIELDS_MAX = 1 << 16;
  private static final int BYTES_MAX = 1 << 28;

  private Message() {}

  static void write(OutputStream line, List<String> fields) throws IOException {
    var bytes = new ByteArrayOutputStream();
    var out = new DataOutputStream(bytes);
    out.writeInt(fields.size());
    for (String field : fields) {
      byte[] text = field.getBytes(StandardCharsets.UTF_8);
      out.writeInt(text.length);
      out.write(text);
    }
    bytes.writeTo(line);
    line.flush();
  }

  static List<String> read(InputStream line) throws IOException {
    var in = new DataInputStream(line);
    int count = in.readInt();
    if (count < 0 || count > FIELDS_MAX) {
      throw new IOException("a message of [" + count + "] fields");
    }
    List<String> fields = new ArrayList<>();
    long left = BYTES_MAX;
    for (int i = 0; i < count; i++) {
      int length = in.readInt();
      left -= length;
      if (length < 0 || left < 0) {
        throw new IOException("a field of [" + length + "] bytes");
      }
      fields.add(new String(in.readNBytes(length), StandardCharsets.UTF_8));
    }
    return fields;
  }
}
