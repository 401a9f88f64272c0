package dev.troupe.deploy.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Passes connections on, but for the answer to the first {@code POST}: there the connection breaks,
 * as it does when a head dies after it did what it was asked for.
 */
final class AnswerLoser implements AutoCloseable {
  private final ServerSocket listening;
  private final int to;
  private final AtomicBoolean lost = new AtomicBoolean();

  AnswerLoser(int port, int to) throws IOException {
    this.listening = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
    this.to = to;
    start(this::accept);
  }

  private interface Work {
    void run() throws IOException;
  }

  private static void start(Work work) {
    var _ =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    work.run();
                  } catch (IOException _) {
                    // Closed: by the test's end, by either side, or by losing an answer.
                  }
                });
  }

  private void accept() throws IOException {
    while (true) {
      Socket client = listening.accept();
      Socket server = new Socket(InetAddress.getLoopbackAddress(), to);
      AtomicBoolean loses = new AtomicBoolean();
      start(() -> pass(client, server, loses, false));
      start(() -> pass(server, client, loses, true));
    }
  }

  private void pass(Socket from, Socket into, AtomicBoolean loses, boolean answers)
      throws IOException {
    try (from;
        into) {
      InputStream in = from.getInputStream();
      OutputStream out = into.getOutputStream();
      byte[] buffer = new byte[1 << 16];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        if (answers && loses.get()) {
          return;
        }
        if (new String(buffer, 0, read, StandardCharsets.ISO_8859_1).startsWith("POST")) {
          loses.set(lost.compareAndSet(false, true));
        }
        out.write(buffer, 0, read);
      }
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }
}
