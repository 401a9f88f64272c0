package dev.troupe.actors.cluster;

import dev.troupe.actors.node.NodeLog;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadFactory;

/** A node's log on disk. */
record LogFile(Path file, ThreadFactory threads) implements NodeLog {
  private static final int BYTES_MAX = 256 * 1024;

  @Override
  public CompletionStage<String> tail(int lines) {
    CompletableFuture<String> done = new CompletableFuture<>();
    threads
        .newThread(
            () -> {
              try {
                done.complete(read(lines));
              } catch (IOException e) {
                done.completeExceptionally(e);
              }
            })
        .start();
    return done;
  }

  private String read(int lines) throws IOException {
    try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "r")) {
      long from = Math.max(0, log.length() - BYTES_MAX);
      byte[] end = new byte[(int) (log.length() - from)];
      log.seek(from);
      log.readFully(end);
      List<String> all = new String(end, StandardCharsets.UTF_8).lines().toList();
      return String.join("\n", all.subList(Math.max(0, all.size() - lines), all.size()));
    }
  }
}
