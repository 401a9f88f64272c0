package dev.troupe.actors.weights;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands between a puller and a server and does something wrong to what the server says. */
final class FaultyProxy implements AutoCloseable {

  /** What goes wrong, {@code at} so many bytes of a connection. */
  enum Fault {
    CUT,
    FLIP,
    STALL
  }

  private final ServerSocketChannel listening = ServerSocketChannel.open();
  private final Set<SocketChannel> channels = ConcurrentHashMap.newKeySet();
  private final InetSocketAddress target;
  private final Fault fault;
  private final long at;
  private final AtomicInteger times;

  /**
   * @param times connections that go wrong; later ones are faultless
   */
  FaultyProxy(int port, Fault fault, long at, int times) throws IOException {
    this.target = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    this.fault = fault;
    this.at = at;
    this.times = new AtomicInteger(times);
    listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    Thread.ofVirtual().start(this::accept);
  }

  WeightSource source(boolean origin) {
    return new WeightSource("127.0.0.1", listening.socket().getLocalPort(), origin);
  }

  private void accept() {
    try {
      while (true) {
        SocketChannel client = remembered(listening.accept());
        SocketChannel server = remembered(SocketChannel.open(target));
        boolean faulty = times.getAndDecrement() > 0;
        Thread.ofVirtual().start(() -> pass(client, server, false));
        Thread.ofVirtual().start(() -> pass(server, client, faulty));
      }
    } catch (IOException _) {
      // Closed.
    }
  }

  private SocketChannel remembered(SocketChannel channel) {
    channels.add(channel);
    return channel;
  }

  private void pass(SocketChannel from, SocketChannel to, boolean faulty) {
    ByteBuffer bytes = ByteBuffer.allocate(1000);
    long passed = 0;
    try (from;
        to) {
      while (from.read(bytes.clear()) >= 0) {
        bytes.flip();
        if (faulty && passed + bytes.remaining() > at && passed <= at) {
          int index = (int) (at - passed);
          if (fault == Fault.FLIP) {
            bytes.put(index, (byte) (bytes.get(index) ^ 4));
          } else {
            send(to, bytes.limit(index));
            if (fault == Fault.CUT) {
              to.shutdownOutput();
            }
            swallow(from);
            return;
          }
        }
        passed += bytes.remaining();
        send(to, bytes);
      }
    } catch (IOException _) {
      // Either end has gone.
    }
  }

  private static void send(SocketChannel to, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      to.write(bytes);
    }
  }

  /** Until somebody closes the connection. */
  private static void swallow(SocketChannel from) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(1000);
    while (from.read(bytes) >= 0) {
      bytes.clear();
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    for (SocketChannel channel : channels) {
      channel.close();
    }
  }
}
