package dev.troupe.actors.weights;

import dev.troupe.actors.security.TransportSecurity;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves what a {@link WeightStore} has, and the files that recipes name, a thread a connection;
 * see {@link WeightWire}.
 *
 * <p>A client holds nothing here but its thread and 40 bytes: one request is read at a time, and
 * chunks go from the mapped file to the socket; a piece of a file is held while it is sent. Every
 * read and write has a deadline, connections are bounded. Whoever says something else than the
 * protocol is logged and cut off; nobody else notices.
 */
public final class WeightServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WeightServer.class);
  private static final Duration NEWS_WITHIN = Duration.ofMillis(500);
  private static final long LOOK_NANOS = 10_000_000;

  /**
   * What a client may take.
   *
   * @param connectionsMax at a time
   * @param greeting to say hello, and to finish a request once its first byte has come
   * @param idle without a request
   * @param send for a chunk to be taken
   */
  public record Limits(int connectionsMax, Duration greeting, Duration idle, Duration send) {
    /** For machines of a cluster. */
    public static final Limits DEFAULT =
        new Limits(256, Duration.ofSeconds(5), Duration.ofSeconds(60), Duration.ofSeconds(30));
  }

  /** Where a file that recipes name lies, by its hash. */
  public interface NamedFiles {
    Optional<Path> find(String sha256);
  }

  private final WeightStore store;
  private final NamedFiles files;
  private final TransportSecurity security;
  private final Limits limits;
  private final ThreadFactory threads;
  private final Deadlines deadlines;
  private final ServerSocketChannel listening;
  private final Semaphore free;
  private final AtomicLong bytesSent = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();

  private WeightServer(
      WeightStore store,
      NamedFiles files,
      ServerSocketChannel listening,
      TransportSecurity security,
      Limits limits,
      ThreadFactory threads,
      LongSupplier nanos) {
    this.store = store;
    this.files = files;
    this.listening = listening;
    this.security = security;
    this.limits = limits;
    this.threads = threads;
    this.deadlines = new Deadlines(nanos, threads);
    this.free = new Semaphore(limits.connectionsMax());
  }

  /** Listens on {@code address}, and serves no files. */
  public static WeightServer start(
      WeightStore store,
      InetSocketAddress address,
      TransportSecurity security,
      Limits limits,
      ThreadFactory threads,
      LongSupplier nanos)
      throws IOException {
    return start(store, _ -> Optional.empty(), address, security, limits, threads, nanos);
  }

  /**
   * Listens on {@code address}.
   *
   * @param security asked at every connection, so that renewed certificates are used
   * @param threads of connections; virtual ones are meant
   * @throws IOException if the port is in use
   */
  public static WeightServer start(
      WeightStore store,
      NamedFiles files,
      InetSocketAddress address,
      TransportSecurity security,
      Limits limits,
      ThreadFactory threads,
      LongSupplier nanos)
      throws IOException {
    ServerSocketChannel listening = ServerSocketChannel.open();
    try {
      listening.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      listening.bind(address);
    } catch (IOException e) {
      listening.close();
      throw new WeightsException(
          "weights cannot be served on ["
              + address.getHostString()
              + ":"
              + address.getPort()
              + "]: "
              + e.getMessage()
              + "; choose another port",
          e);
    }
    WeightServer server =
        new WeightServer(store, files, listening, security, limits, threads, nanos);
    threads.newThread(server::accept).start();
    return server;
  }

  public int port() {
    return listening.socket().getLocalPort();
  }

  /** Bytes of chunks sent so far. */
  public long bytesSent() {
    return bytesSent.get();
  }

  /** Connections so far that were cut off for what they said or didn't say. */
  public long refused() {
    return refused.get();
  }

  /** Connections now. */
  public int connections() {
    return limits.connectionsMax() - free.availablePermits();
  }

  private void accept() {
    while (listening.isOpen()) {
      try {
        SocketChannel channel = listening.accept();
        boolean room = free.tryAcquire();
        threads.newThread(() -> serve(channel, room)).start();
      } catch (IOException e) {
        if (listening.isOpen()) {
          LOG.warn("weights server could not take a connection: {}", e.toString());
        }
      }
    }
  }

  private void serve(SocketChannel channel, boolean room) {
    try (channel;
        WeightLink link = WeightLink.accepted(channel, deadlines)) {
      link.within(limits.greeting(), "the greeting");
      link.secure(security);
      if (room) {
        greet(link);
        while (answer(link)) {
          // The next request.
        }
      } else {
        link.write(WeightWire.greeting(WeightWire.VERSION, WeightWire.FULL));
        throw new WeightsException(
            "there are [" + limits.connectionsMax() + "] connections already, as many as may be");
      }
    } catch (IOException | RuntimeException e) {
      if (listening.isOpen()) {
        refused.incrementAndGet();
        LOG.warn("a connection for weights was ended: {}", e.getMessage());
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      if (room) {
        free.release();
      }
    }
  }

  private static void greet(WeightLink link) throws IOException {
    ByteBuffer greeting = ByteBuffer.allocate(WeightWire.GREETING_BYTES);
    link.read(greeting);
    greeting.flip();
    int magic = greeting.getInt();
    if (magic != WeightWire.MAGIC) {
      throw new WeightsException(
          String.format(
              "[%s] is no node of Troupe: it began with [%08x], expected [%08x]",
              link.peer(), magic, WeightWire.MAGIC));
    }
    int version = greeting.getShort();
    if (version != WeightWire.VERSION) {
      link.write(WeightWire.greeting(WeightWire.VERSION, WeightWire.OTHER_VERSION));
      throw new WeightsException(
          "["
              + link.peer()
              + "] speaks version ["
              + version
              + "] of the weights protocol, this node version ["
              + WeightWire.VERSION
              + "]; run the same version of Troupe on both");
    }
    link.write(WeightWire.greeting(WeightWire.VERSION, WeightWire.WELCOME));
  }

  /** Reads and answers one request; false at the end of the connection. */
  private boolean answer(WeightLink link) throws IOException, InterruptedException {
    ByteBuffer request = ByteBuffer.allocate(WeightWire.REQUEST_BYTES);
    link.within(limits.idle(), "waiting for a request");
    if (!link.readOrEnd(request.limit(1))) {
      return false;
    }
    link.within(limits.greeting(), "reading a request");
    link.read(request.limit(WeightWire.REQUEST_BYTES));
    request.flip();
    int operation = request.getInt();
    int argument = request.getInt();
    byte[] hash = new byte[WeightWire.HASH_BYTES];
    request.get(hash);
    link.within(limits.send(), "sending");
    String image = HexFormat.of().formatHex(hash);
    switch (operation) {
      case WeightWire.GET -> chunk(link, store.serve(image), argument);
      case WeightWire.HAVE -> chunks(link, awaited(image), argument);
      case WeightWire.FILE_SIZE -> size(link, files.find(image));
      case WeightWire.FILE_PIECE -> piece(link, files.find(image), argument);
      default ->
          throw new WeightsException(
              "["
                  + link.peer()
                  + "] asked for operation ["
                  + operation
                  + "], there are [1] to [4]");
    }
    return true;
  }

  /** An image that this node is about to fetch may be here in a moment. */
  private Optional<WeightFile> awaited(String image) {
    Optional<WeightFile> file = store.serve(image);
    for (long waited = 0; file.isEmpty() && waited < NEWS_WITHIN.toNanos(); waited += LOOK_NANOS) {
      LockSupport.parkNanos(LOOK_NANOS);
      file = store.serve(image);
    }
    return file;
  }

  private void chunk(WeightLink link, Optional<WeightFile> file, int chunk) throws IOException {
    try {
      sendChunk(link, file, chunk);
    } finally {
      file.ifPresent(WeightFile::close);
    }
  }

  private void sendChunk(WeightLink link, Optional<WeightFile> file, int chunk) throws IOException {
    if (file.isPresent() && (chunk < 0 || chunk >= file.get().manifest().chunks())) {
      throw new WeightsException(
          "["
              + link.peer()
              + "] asked for chunk ["
              + chunk
              + "], there are ["
              + file.get().manifest().chunks()
              + "]");
    }
    if (file.isEmpty() || !file.get().has(chunk)) {
      link.write(WeightWire.answer(WeightWire.ABSENT, chunk, 0));
      return;
    }
    ByteBuffer bytes = file.get().chunk(chunk);
    int length = bytes.remaining();
    link.write(WeightWire.answer(WeightWire.CHUNK, chunk, length));
    bytesSent.addAndGet(length);
    link.write(bytes);
  }

  private static void chunks(WeightLink link, Optional<WeightFile> file, int known)
      throws IOException, InterruptedException {
    try {
      BitSet present =
          file.isPresent() ? file.get().presentBeyond(known, NEWS_WITHIN.toNanos()) : new BitSet();
      byte[] bits = present.toByteArray();
      link.write(WeightWire.answer(WeightWire.CHUNKS, present.cardinality(), bits.length));
      link.write(ByteBuffer.wrap(bits));
    } finally {
      file.ifPresent(WeightFile::close);
    }
  }

  private static void size(WeightLink link, Optional<Path> file) throws IOException {
    if (file.isEmpty()) {
      link.write(WeightWire.answer(WeightWire.ABSENT, 0, 0));
      return;
    }
    link.write(WeightWire.answer(WeightWire.FILE_IS, 0, Long.BYTES));
    link.write(ByteBuffer.allocate(Long.BYTES).putLong(Files.size(file.get())).flip());
  }

  private static void piece(WeightLink link, Optional<Path> file, int piece) throws IOException {
    if (file.isEmpty()) {
      link.write(WeightWire.answer(WeightWire.ABSENT, piece, 0));
      return;
    }
    try (FileChannel channel = FileChannel.open(file.get(), StandardOpenOption.READ)) {
      long offset = (long) piece * WeightWire.PIECE_BYTES;
      if (piece < 0 || offset >= channel.size()) {
        throw new WeightsException(
            "["
                + link.peer()
                + "] asked for piece ["
                + piece
                + "] of a file of ["
                + channel.size()
                + "] bytes");
      }
      ByteBuffer bytes =
          ByteBuffer.allocate((int) Math.min(WeightWire.PIECE_BYTES, channel.size() - offset));
      while (bytes.hasRemaining() && channel.read(bytes, offset + bytes.position()) >= 0) {
        // The rest of it.
      }
      bytes.flip();
      link.write(WeightWire.answer(WeightWire.PIECE, piece, bytes.remaining()));
      link.write(bytes);
    }
  }

  /** Ends all connections. */
  @Override
  public void close() {
    try {
      listening.close();
    } catch (IOException e) {
      LOG.warn("closing the weights server: {}", e.toString());
    }
    deadlines.close();
  }
}
