package dev.troupe.deploy.api;

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
import java.util.HexFormat;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;

/**
 * What recipes name, by SHA-256: {@code PUT} takes a file in (streamed, its hash checked, whole or
 * not at all), {@code GET} gives it out, {@code HEAD} tells whether it is there.
 */
final class FileRoutes {
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
  private static final int BUFFER_BYTES = 1 << 16;
  private static final int UPLOADS_MAX = 4;
  private static final long DISK_SPARE_BYTES = 1L << 30;

  /** So much of what isn't wanted is read: whoever is cut off while sending reads no answer. */
  private static final long UNWANTED_BYTES_MAX = 1L << 30;

  private final long fileBytesMax;
  private final Semaphore uploads = new Semaphore(UPLOADS_MAX);

  FileRoutes(long fileBytesMax) {
    this.fileBytesMax = fileBytesMax;
  }

  void handle(Request request, String hash, Path folder) throws IOException {
    request.only("GET", "HEAD", "PUT");
    if (!HASH.matcher(hash).matches()) {
      throw new HttpProblem(
          HttpProblem.BAD_REQUEST, "got [" + hash + "], expected a SHA-256 in hexadecimal");
    }
    Path file = folder.resolve(hash);
    if (request.method().equals("PUT")) {
      put(request, hash, file);
    } else {
      give(request, file);
    }
  }

  private static void give(Request request, Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new HttpProblem(
          HttpProblem.NOT_FOUND, "there is no file [" + file.getFileName() + "] here");
    }
    long bytes = Files.size(file);
    request.exchange().getResponseHeaders().set("Content-Type", "application/octet-stream");
    if (request.method().equals("HEAD") || bytes == 0) {
      request.exchange().getResponseHeaders().set("Content-Length", Long.toString(bytes));
      request.exchange().sendResponseHeaders(200, -1);
      return;
    }
    request.exchange().sendResponseHeaders(200, bytes);
    Files.copy(file, request.exchange().getResponseBody());
  }

  private void put(Request request, String hash, Path file) throws IOException {
    if (Files.exists(file)) {
      request.text(200, "it is here\n");
      return;
    }
    long announced;
    try {
      announced = acceptable(request, file);
    } catch (HttpProblem refused) {
      skipBody(request);
      throw refused;
    }
    try {
      receive(request.exchange().getRequestBody(), hash, file, announced);
    } finally {
      uploads.release();
    }
    request.text(201, "taken in\n");
  }

  /** The length of what may come; then it is one of the uploads under way. */
  private long acceptable(Request request, Path file) throws IOException {
    long announced = announced(request);
    Files.createDirectories(file.getParent());
    long free = Files.getFileStore(file.getParent()).getUsableSpace();
    if (announced > free - DISK_SPARE_BYTES) {
      throw new HttpProblem(
          HttpProblem.NO_SPACE,
          "a file of ["
              + announced
              + "] bytes has no room in ["
              + file.getParent()
              + "], where ["
              + free
              + "] are free; make room there");
    }
    if (!uploads.tryAcquire()) {
      throw new HttpProblem(
          HttpProblem.UNAVAILABLE, "[" + UPLOADS_MAX + "] uploads are under way; ask again");
    }
    return announced;
  }

  private static void skipBody(Request request) throws IOException {
    InputStream body = request.exchange().getRequestBody();
    byte[] buffer = new byte[BUFFER_BYTES];
    long skipped = 0;
    for (int read = body.read(buffer);
        read >= 0 && skipped < UNWANTED_BYTES_MAX;
        read = body.read(buffer)) {
      skipped += read;
    }
  }

  private long announced(Request request) {
    String length = request.header("Content-Length").orElse("");
    if (!length.matches("[0-9]{1,18}")) {
      throw new HttpProblem(HttpProblem.LENGTH_REQUIRED, "a Content-Length is needed");
    }
    long announced = Long.parseLong(length);
    if (announced > fileBytesMax) {
      throw new HttpProblem(
          HttpProblem.TOO_LARGE,
          "a file of [" + announced + "] bytes is larger than [" + fileBytesMax + "]");
    }
    return announced;
  }

  private static void receive(InputStream in, String hash, Path file, long announced)
      throws IOException {
    Path aside = Files.createTempFile(file.getParent(), "upload-", ".part");
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      long received = 0;
      try (FileChannel out = FileChannel.open(aside, StandardOpenOption.WRITE)) {
        byte[] buffer = new byte[BUFFER_BYTES];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
          received += read;
          digest.update(buffer, 0, read);
          ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, read);
          while (bytes.hasRemaining()) {
            out.write(bytes);
          }
        }
        out.force(true);
      }
      String got = HexFormat.of().formatHex(digest.digest());
      if (received != announced || !got.equals(hash)) {
        throw new HttpProblem(
            HttpProblem.BAD_REQUEST,
            "got ["
                + received
                + "] bytes with the SHA-256 ["
                + got
                + "], expected ["
                + announced
                + "] with ["
                + hash
                + "]; send them again");
      }
      Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    } finally {
      Files.deleteIfExists(aside);
    }
  }
}
