package dev.troupe.model.torch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes the ZIP with a pickle in it that TorchScript loads programs from. */
final class ProgramArchive {
  private static final byte[] EMPTY_TUPLE = {(byte) 0x80, 2, ')', '.'};

  private ProgramArchive() {}

  /**
   * The archive of class {@code Program}.
   *
   * @param attributes values of the class's attributes: Boolean, Integer, Long, Double, String, or
   *     (nested) lists of them; an {@code Object[]} becomes a tuple
   */
  static byte[] write(String code, Map<String, Object> attributes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      store(zip, "m/version", "3\n".getBytes(StandardCharsets.UTF_8));
      store(zip, "m/constants.pkl", EMPTY_TUPLE);
      store(zip, "m/code/__torch__.py", code.getBytes(StandardCharsets.UTF_8));
      store(zip, "m/data.pkl", pickle(attributes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(content);
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCrc(crc.getValue());
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }

  /** Protocol 2: an instance of the class with a dictionary of attributes as its state. */
  private static byte[] pickle(Map<String, Object> attributes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {(byte) 0x80, 2});
    out.writeBytes("c__torch__\nProgram\n".getBytes(StandardCharsets.UTF_8));
    out.writeBytes(new byte[] {')', (byte) 0x81, '}'});
    attributes.forEach(
        (name, value) -> {
          string(out, name);
          value(out, name, value);
          out.write('s');
        });
    out.writeBytes(new byte[] {'b', '.'});
    return out.toByteArray();
  }

  private static void value(ByteArrayOutputStream out, String name, Object value) {
    switch (value) {
      case Boolean truth -> out.write(truth ? 0x88 : 0x89);
      case Integer number -> integer(out, number);
      case Long number -> integer(out, number);
      case Double number -> {
        out.write('G');
        out.writeBytes(ByteBuffer.allocate(8).putDouble(number).array());
      }
      case String text -> string(out, text);
      case List<?> list -> {
        out.write(']');
        out.write('(');
        list.forEach(element -> value(out, name, element));
        out.write('e');
      }
      case Object[] tuple -> {
        out.write('(');
        for (Object element : tuple) {
          value(out, name, element);
        }
        out.write('t');
      }
      default ->
          throw new IllegalArgumentException(
              "attribute ["
                  + name
                  + "] must be a boolean, int, long, double, string, list or array, got "
                  + value.getClass().getName());
    }
  }

  /** Eight bytes, signed, little-endian (opcode LONG1): holds every value. */
  private static void integer(ByteArrayOutputStream out, long number) {
    out.write(0x8a);
    out.write(8);
    out.writeBytes(ByteBuffer.allocate(8).putLong(Long.reverseBytes(number)).array());
  }

  private static void string(ByteArrayOutputStream out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.write('X');
    out.writeBytes(ByteBuffer.allocate(4).putInt(Integer.reverseBytes(bytes.length)).array());
    out.writeBytes(bytes);
  }
}
