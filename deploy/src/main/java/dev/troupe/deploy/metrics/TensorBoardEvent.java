package dev.troupe.deploy.metrics;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.SortedMap;

/**
 * The part of TensorFlow's {@code Event} message that scalars need, by its field numbers: wall_time
 * 1, step 2, file_version 3, summary 5; in the summary: value 1; in a value: tag 1, simple_value 2.
 */
final class TensorBoardEvent {
  private TensorBoardEvent() {}

  /** The first event of a file. */
  static byte[] fileVersion(double wallSeconds) {
    return encode(
        out -> {
          out.writeDouble(1, wallSeconds);
          out.writeString(3, "brain.Event:2");
        });
  }

  /** Scalars of one step, by tag. */
  static byte[] scalars(double wallSeconds, long step, SortedMap<String, Double> scalars) {
    ByteString summary =
        ByteString.copyFrom(
            encode(
                out -> {
                  for (var scalar : scalars.entrySet()) {
                    out.writeBytes(1, value(scalar.getKey(), scalar.getValue()));
                  }
                }));
    return encode(
        out -> {
          out.writeDouble(1, wallSeconds);
          out.writeInt64(2, step);
          out.writeBytes(5, summary);
        });
  }

  private static ByteString value(String tag, double number) {
    return ByteString.copyFrom(
        encode(
            out -> {
              out.writeString(1, tag);
              out.writeFloat(2, (float) number);
            }));
  }

  /** Writes fields. */
  private interface Fields {
    void write(CodedOutputStream out) throws IOException;
  }

  private static byte[] encode(Fields fields) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      fields.write(out);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
