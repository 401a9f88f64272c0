package dev.troupe.actors.weights;

import dev.troupe.actors.security.TransportSecurity;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/** A connection, plain or encrypted, of which every read and write has a deadline. */
final class WeightLink implements AutoCloseable {
  private static final long NEVER = Long.MAX_VALUE;

  /** How bytes pass. */
  interface Bytes {
    /** At least one byte into {@code target}, or -1 at the end. */
    int read(ByteBuffer target) throws IOException;

    /** All that remains. */
    void write(ByteBuffer source) throws IOException;
  }

  private final SocketChannel channel;
  private final Deadlines deadlines;
  private final String peer;
  private Bytes bytes;
  private volatile long began;
  private volatile long limit = NEVER;
  private volatile String doing = "";
  private volatile Optional<String> tooSlow = Optional.empty();

  private WeightLink(SocketChannel channel, String peer, Deadlines deadlines) {
    this.channel = channel;
    this.deadlines = deadlines;
    this.peer = peer;
    this.bytes = new Plain(channel);
    deadlines.watch(this);
  }

  /** Connects to {@code source}. */
  static WeightLink connect(
      WeightSource source, TransportSecurity security, Deadlines deadlines, Duration limit)
      throws IOException {
    WeightLink link = new WeightLink(SocketChannel.open(), source.toString(), deadlines);
    try {
      link.within(limit, "connecting");
      link.channel.connect(new InetSocketAddress(source.host(), source.port()));
      link.channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      Optional<SSLContext> tls = security.context();
      if (tls.isPresent()) {
        link.bytes = Encrypted.client(link.channel.socket(), tls.get(), source);
      }
      return link;
    } catch (IOException | RuntimeException e) {
      link.close();
      throw link.explained(e);
    }
  }

  /** Takes over what a server accepted; {@link #secure} before anything else. */
  static WeightLink accepted(SocketChannel channel, Deadlines deadlines) throws IOException {
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    return new WeightLink(channel, String.valueOf(channel.getRemoteAddress()), deadlines);
  }

  /** The accepting end: whoever dialled shows who it is, where keys are used. */
  void secure(TransportSecurity security) throws IOException {
    Optional<SSLContext> tls = security.context();
    if (tls.isPresent()) {
      try {
        bytes = Encrypted.server(channel.socket(), tls.get());
      } catch (IOException e) {
        throw explained(e);
      }
    }
  }

  /** Who is at the other end. */
  String peer() {
    return peer;
  }

  /** What follows has to be done within {@code duration}. */
  void within(Duration duration, String what) {
    doing = what;
    limit = NEVER;
    began = deadlines.now();
    limit = duration.toNanos();
  }

  /** Nothing has to be done for now. */
  void rest() {
    limit = NEVER;
  }

  void closeIfDue(long now) {
    if (limit != NEVER && now - began > limit) {
      tooSlow =
          Optional.of(
              "["
                  + peer
                  + "] was too slow at ["
                  + doing
                  + "]: not done within ["
                  + Duration.ofNanos(limit).toMillis()
                  + "] ms");
      close();
    }
  }

  /** Fills {@code target} up to its limit. */
  void read(ByteBuffer target) throws IOException {
    if (!readOrEnd(target)) {
      throw new WeightsException(
          "[" + peer + "] ended the connection during [" + doing + "], bytes were expected");
    }
  }

  /** The same; false if the connection ended before the first byte. */
  boolean readOrEnd(ByteBuffer target) throws IOException {
    int wanted = target.remaining();
    try {
      while (target.hasRemaining()) {
        if (bytes.read(target) < 0) {
          if (target.remaining() == wanted) {
            return false;
          }
          throw new WeightsException(
              "["
                  + peer
                  + "] ended the connection during ["
                  + doing
                  + "] after ["
                  + (wanted - target.remaining())
                  + "] bytes of ["
                  + wanted
                  + "]");
        }
      }
      return true;
    } catch (IOException e) {
      throw explained(e);
    }
  }

  void write(ByteBuffer source) throws IOException {
    try {
      bytes.write(source);
    } catch (IOException e) {
      throw explained(e);
    }
  }

  private IOException explained(Exception e) {
    if (e instanceof WeightsException said) {
      return said;
    }
    return tooSlow
        .map(WeightsException::new)
        .orElseGet(
            () ->
                new WeightsException(
                    "connection with [" + peer + "] broke during [" + doing + "]: " + e, e));
  }

  @Override
  public void close() {
    deadlines.forget(this);
    try {
      channel.close();
    } catch (IOException _) {
      // It is of no use any more.
    }
  }

  private record Plain(SocketChannel channel) implements Bytes {
    @Override
    public int read(ByteBuffer target) throws IOException {
      return channel.read(target);
    }

    @Override
    public void write(ByteBuffer source) throws IOException {
      while (source.hasRemaining()) {
        channel.write(source);
      }
    }
  }
}
