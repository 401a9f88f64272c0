package dev.troupe.actors.weights;

import dev.troupe.actors.security.TransportSecurity;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of one file to this node: piece after piece from one source, each piece within its
 * deadline; where a source fails, the next one goes on with the piece that is missing. The SHA-256
 * of the whole has the last word: if it is wrong, and more than one source had a part in it, the
 * last one is asked for all of it.
 */
final class FilePull {
  private static final Logger LOG = LoggerFactory.getLogger(FilePull.class);

  private final String hash;
  private final Path file;
  private final Path part;
  private final FileShelf.Limits limits;
  private final PullLimits patience;
  private final TransportSecurity security;
  private final Deadlines deadlines;
  private final Runnable onPiece;
  private final ByteBuffer buffer = ByteBuffer.allocate(WeightWire.PIECE_BYTES);
  private MessageDigest digest = sha256();
  private long received;
  private boolean mixed;

  FilePull(
      String hash,
      Path file,
      FileShelf.Limits limits,
      PullLimits patience,
      TransportSecurity security,
      Deadlines deadlines,
      Runnable onPiece) {
    this.hash = hash;
    this.file = file;
    this.part = file.resolveSibling(hash + ".part");
    this.limits = limits;
    this.patience = patience;
    this.security = security;
    this.deadlines = deadlines;
    this.onPiece = onPiece;
  }

  /**
   * Asks one source after the other until the file is there and right.
   *
   * @throws WeightsException with what each of them said
   */
  void run(List<WeightSource> sources) throws IOException {
    long began = deadlines.now();
    List<String> failures = new ArrayList<>();
    try (FileChannel out =
        FileChannel.open(
            part,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      for (WeightSource source : sources) {
        try {
          if (isWhole(source, out) || (mixed && again(source, out))) {
            out.force(true);
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
            LOG.info(
                "file [{}] of [{}] bytes came from [{}] in [{}] ms",
                hash,
                received,
                source,
                (deadlines.now() - began) / 1_000_000);
            return;
          }
          failures.add(source + ": its SHA-256 was not that");
          beginAnew(out);
        } catch (WeightsException e) {
          failures.add(source + ": " + e.getMessage());
          mixed = received > 0;
        }
      }
    } finally {
      Files.deleteIfExists(part);
    }
    throw new WeightsException(
        "file ["
            + hash
            + "] did not come: "
            + (failures.isEmpty() ? "there is no node to ask" : "asked " + failures));
  }

  private boolean again(WeightSource source, FileChannel out) throws IOException {
    beginAnew(out);
    return isWhole(source, out);
  }

  private void beginAnew(FileChannel out) throws IOException {
    out.truncate(0);
    digest = sha256();
    received = 0;
    mixed = false;
  }

  /** Fetches what is missing; whether the whole is right. */
  private boolean isWhole(WeightSource source, FileChannel out) throws IOException {
    try (WeightLink link = WeightLink.connect(source, security, deadlines, patience.connect())) {
      WeightWire.greet(link);
      long bytes = size(link);
      while (received < bytes) {
        piece(link, (int) Math.min(WeightWire.PIECE_BYTES, bytes - received));
        onPiece.run();
        out.write(buffer.duplicate(), received);
        digest.update(buffer.duplicate());
        received += buffer.remaining();
      }
      return HexFormat.of().formatHex(digest.digest()).equals(hash);
    }
  }

  private long size(WeightLink link) throws IOException {
    link.within(patience.chunk(), "asking for the file's size");
    link.write(WeightWire.request(WeightWire.FILE_SIZE, 0, hash));
    WeightWire.Answer answer = WeightWire.answer(link);
    if (answer.status() == WeightWire.ABSENT) {
      throw new WeightsException("it does not have it");
    }
    if (answer.status() != WeightWire.FILE_IS || answer.length() != Long.BYTES) {
      throw new WeightsException("expected the size of a file, got " + answer);
    }
    ByteBuffer size = ByteBuffer.allocate(Long.BYTES);
    link.read(size);
    link.rest();
    long bytes = size.flip().getLong();
    if (bytes < received || bytes > limits.bytesMax()) {
      throw new WeightsException(
          "the file has [" + bytes + "] bytes there, at most [" + limits.bytesMax() + "] may be");
    }
    long free = part.toFile().getUsableSpace();
    if (bytes - received > free - limits.spareBytes()) {
      throw new WeightsException(
          "a file of ["
              + bytes
              + "] bytes has no room in ["
              + part.getParent()
              + "], where ["
              + free
              + "] are free and ["
              + limits.spareBytes()
              + "] must stay so; make room there, or name another --scratch");
    }
    return bytes;
  }

  /** The next piece, in the buffer. */
  private void piece(WeightLink link, int length) throws IOException {
    int number = Math.toIntExact(received / WeightWire.PIECE_BYTES);
    link.within(patience.chunk(), "waiting for piece [" + number + "]");
    link.write(WeightWire.request(WeightWire.FILE_PIECE, number, hash));
    WeightWire.Answer answer = WeightWire.answer(link);
    if (answer.status() != WeightWire.PIECE
        || answer.argument() != number
        || answer.length() != length) {
      throw new WeightsException(
          "expected piece [" + number + "] of [" + length + "] bytes, got " + answer);
    }
    buffer.clear().limit(length);
    link.read(buffer);
    link.rest();
    buffer.flip();
  }

  /** SHA-256 of what is in a file, hex. */
  static String digest(Path file) throws IOException {
    MessageDigest digest = sha256();
    byte[] bytes = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
        digest.update(bytes, 0, read);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
