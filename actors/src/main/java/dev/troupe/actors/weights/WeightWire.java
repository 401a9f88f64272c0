package dev.troupe.actors.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/**
 * What the weights connection says. All numbers are big-endian.
 *
 * <pre>
 *   greeting   magic 4 | protocol version 2 | status 2          both ways, the client first
 *   request    operation 4 | argument 4 | digest of the image or SHA-256 of the file 32
 *   answer     status 4 | argument 4 | length 4 | length bytes
 * </pre>
 *
 * <p>{@code GET chunk} is answered by {@code CHUNK chunk} with its bytes, or {@code ABSENT chunk}
 * where it isn't here. {@code HAVE n} is answered by {@code CHUNKS count} with a bitmap (chunk c is
 * bit c mod 8 of byte c / 8), as soon as more than n chunks are here or a moment has passed. A
 * client may send several requests ahead; the server reads the next one when it has answered the
 * last, so requests are the credits of the bytes under way.
 *
 * <p>{@code FILE_SIZE} is answered by {@code FILE_IS} with the size of a file that recipes name in
 * 8 bytes, {@code FILE_PIECE n} by {@code PIECE n} with the bytes from n * {@link #PIECE_BYTES} on,
 * both by {@code ABSENT} where it isn't here.
 */
final class WeightWire {
  /** "TRPW". */
  static final int MAGIC = 0x54525057;

  static final int VERSION = 2;

  static final int GREETING_BYTES = 8;
  static final int REQUEST_BYTES = 40;
  static final int ANSWER_BYTES = 12;
  static final int HASH_BYTES = 32;

  /** Of a file; the last piece is shorter. */
  static final int PIECE_BYTES = 256 << 10;

  // Statuses of a greeting.
  static final int WELCOME = 0;
  static final int OTHER_VERSION = 1;
  static final int FULL = 2;

  // Operations.
  static final int GET = 1;
  static final int HAVE = 2;
  static final int FILE_SIZE = 3;
  static final int FILE_PIECE = 4;

  // Statuses of an answer.
  static final int CHUNK = 1;
  static final int CHUNKS = 2;
  static final int ABSENT = 3;
  static final int FILE_IS = 4;
  static final int PIECE = 5;

  /** What an answer begins with. */
  record Answer(int status, int argument, int length) {}

  private WeightWire() {}

  static ByteBuffer greeting(int version, int status) {
    return ByteBuffer.allocate(GREETING_BYTES)
        .putInt(MAGIC)
        .putShort((short) version)
        .putShort((short) status)
        .flip();
  }

  static ByteBuffer request(int operation, int argument, String hash) {
    return ByteBuffer.allocate(REQUEST_BYTES)
        .putInt(operation)
        .putInt(argument)
        .put(HexFormat.of().parseHex(hash))
        .flip();
  }

  static ByteBuffer answer(int status, int argument, int length) {
    return ByteBuffer.allocate(ANSWER_BYTES).putInt(status).putInt(argument).putInt(length).flip();
  }

  /** The client's side of the greeting. */
  static void greet(WeightLink link) throws IOException {
    link.write(greeting(VERSION, WELCOME));
    ByteBuffer greeting = ByteBuffer.allocate(GREETING_BYTES);
    link.read(greeting);
    greeting.flip();
    int magic = greeting.getInt();
    int version = greeting.getShort();
    int status = greeting.getShort();
    if (magic != MAGIC) {
      throw new WeightsException(
          String.format(
              "what listens there serves no weights: it began with [%08x], expected [%08x]",
              magic, MAGIC));
    }
    if (version != VERSION || status == OTHER_VERSION) {
      throw new WeightsException(
          "it speaks version ["
              + version
              + "] of the weights protocol, this node version ["
              + VERSION
              + "]; run the same version of Troupe on both");
    }
    if (status != WELCOME) {
      throw new WeightsException("it has as many connections as it may have");
    }
  }

  /** Reads what an answer begins with. */
  static Answer answer(WeightLink link) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(ANSWER_BYTES);
    link.read(bytes);
    bytes.flip();
    return new Answer(bytes.getInt(), bytes.getInt(), bytes.getInt());
  }
}
