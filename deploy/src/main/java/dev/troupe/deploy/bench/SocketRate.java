package dev.troupe.deploy.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.function.LongSupplier;

/** What a plain socket of Java reaches over loopback: the yardstick of moving weights. */
final class SocketRate {
  private static final int BUFFER_BYTES = 1 << 20;

  private SocketRate() {}

  /** Megabytes a second from one thread to another, in direct buffers, kept by nobody. */
  static double measure(long bytes, LongSupplier nanos) throws IOException {
    try (ServerSocketChannel listening = ServerSocketChannel.open()) {
      listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      Thread.ofVirtual().start(() -> send(listening, bytes));
      long begun = nanos.getAsLong();
      try (SocketChannel receiver = SocketChannel.open(listening.getLocalAddress())) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        long received = 0;
        while (received < bytes) {
          int count = receiver.read(buffer.clear());
          if (count < 0) {
            throw new IOException("the sender ended after [" + received + "] bytes");
          }
          received += count;
        }
      }
      return 1e3 * bytes / (nanos.getAsLong() - begun);
    }
  }

  private static void send(ServerSocketChannel listening, long bytes) {
    try (SocketChannel sender = listening.accept()) {
      ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
      long sent = 0;
      while (sent < bytes) {
        buffer.clear().limit((int) Math.min(BUFFER_BYTES, bytes - sent));
        sent += buffer.remaining();
        while (buffer.hasRemaining()) {
          sender.write(buffer);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("sending to a plain socket", e);
    }
  }
}
