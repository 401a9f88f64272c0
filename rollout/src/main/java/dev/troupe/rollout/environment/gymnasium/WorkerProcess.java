package dev.troupe.rollout.environment.gymnasium;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.troupe.protocol.proto.GymnasiumReply;
import dev.troupe.protocol.proto.GymnasiumRequest;
import dev.troupe.rollout.environment.EnvironmentFailure.Kind;
import dev.troupe.rollout.environment.python.Python;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.ref.Cleaner;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One Python program and the line to it. A message is its length in four bytes, then its bytes; one
 * request is answered before the next. The program ends when the line does; whatever it prints goes
 * into a file that is read when it fails.
 */
final class WorkerProcess implements AutoCloseable {
  /** Until it has begun to talk, and has made its environments. */
  static final Duration START_MAX = Duration.ofMinutes(2);

  private static final Cleaner CLEANER = Cleaner.create();
  private static final Duration END_MAX = Duration.ofSeconds(2);
  private static final int LOOK_MILLIS = 100;
  private static final int REPLY_BYTES_MAX = 1 << 28;
  private static final int LAST_LINES = 12;

  private final Python python;
  private final Parts parts;
  private final Selector selector;
  private final Cleaner.Cleanable cleaning;
  private final ByteBuffer length = ByteBuffer.allocate(Integer.BYTES);

  /** What has to be ended; refers to nothing that refers to it. */
  private record Parts(Process process, SocketChannel line, Path folder) implements Runnable {
    @Override
    public void run() {
      try {
        line.close();
        if (!process.waitFor(END_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
          process.destroyForcibly().waitFor();
        }
      } catch (IOException e) {
        process.destroyForcibly();
      } catch (InterruptedException e) {
        process.destroyForcibly();
        Thread.currentThread().interrupt();
      }
      delete(folder);
    }
  }

  private WorkerProcess(Python python, Parts parts, Selector selector) {
    this.python = python;
    this.parts = parts;
    this.selector = selector;
    this.cleaning = CLEANER.register(this, parts);
  }

  /**
   * Starts the program.
   *
   * @param variables of the environment, beside this process's own
   * @throws WorkerLostException if it doesn't begin to talk
   */
  static WorkerProcess start(Python python, Map<String, String> variables)
      throws WorkerLostException {
    Path folder = null;
    Process process = null;
    try {
      folder = Files.createTempDirectory("troupe-gym");
      Path program = folder.resolve("worker.py");
      try (InputStream source = WorkerProcess.class.getResourceAsStream("worker.py")) {
        Files.copy(Objects.requireNonNull(source, "worker.py"), program);
      }
      UnixDomainSocketAddress address = UnixDomainSocketAddress.of(folder.resolve("line"));
      try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
        server.bind(address);
        var builder =
            new ProcessBuilder(
                    python.program().toString(), program.toString(), address.getPath().toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("said").toFile());
        builder.environment().putAll(variables);
        process = builder.start();
        process.getOutputStream().close();
        SocketChannel line = accept(server, process, folder);
        line.configureBlocking(false);
        Selector selector = Selector.open();
        line.register(selector, SelectionKey.OP_READ);
        return new WorkerProcess(python, new Parts(process, line, folder), selector);
      }
    } catch (IOException | WorkerLostException e) {
      if (process != null) {
        process.destroyForcibly();
      }
      String said = folder == null ? "" : said(folder);
      delete(folder);
      if (e instanceof WorkerLostException lost) {
        throw lost;
      }
      throw new WorkerLostException(
          Kind.WORKER_DIED, "Python [" + python + "] can't be started: " + e.getMessage() + said);
    }
  }

  private static SocketChannel accept(ServerSocketChannel server, Process process, Path folder)
      throws IOException, WorkerLostException {
    server.configureBlocking(false);
    try (Selector selector = Selector.open()) {
      server.register(selector, SelectionKey.OP_ACCEPT);
      for (long waited = 0; waited < START_MAX.toMillis(); waited += LOOK_MILLIS) {
        selector.select(LOOK_MILLIS);
        SocketChannel line = server.accept();
        if (line != null) {
          return line;
        }
        if (!process.isAlive()) {
          throw new WorkerLostException(
              Kind.WORKER_DIED,
              "its Python ended with code [" + process.exitValue() + "]" + said(folder));
        }
      }
    }
    throw new WorkerLostException(
        Kind.HUNG, "its Python doesn't begin within [" + START_MAX + "]" + said(folder));
  }

  Python python() {
    return python;
  }

  long pid() {
    return parts.process().pid();
  }

  /** Asks and waits. */
  GymnasiumReply ask(GymnasiumRequest request, Duration limit) throws WorkerLostException {
    send(request);
    return receive(limit);
  }

  void send(GymnasiumRequest request) throws WorkerLostException {
    byte[] bytes = request.toByteArray();
    ByteBuffer message = ByteBuffer.allocate(Integer.BYTES + bytes.length);
    message.putInt(bytes.length).put(bytes).flip();
    try {
      while (message.hasRemaining()) {
        parts.line().write(message);
      }
    } catch (IOException e) {
      throw died();
    }
  }

  /**
   * What it answers.
   *
   * @throws WorkerLostException if it ends or doesn't answer in time; the process is ended then
   */
  GymnasiumReply receive(Duration limit) throws WorkerLostException {
    try {
      length.clear();
      fill(length, limit);
      int size = length.getInt(0);
      if (size < 0 || size > REPLY_BYTES_MAX) {
        throw new IOException("an answer of [" + size + "] bytes");
      }
      if (size == 0) {
        return GymnasiumReply.getDefaultInstance();
      }
      ByteBuffer reply = ByteBuffer.allocate(size);
      fill(reply, limit);
      return GymnasiumReply.parseFrom(reply.flip());
    } catch (InvalidProtocolBufferException e) {
      close();
      throw new WorkerLostException(Kind.WORKER_DIED, "its Python answers nonsense: " + e);
    } catch (IOException e) {
      throw died();
    }
  }

  private void fill(ByteBuffer buffer, Duration limit) throws IOException, WorkerLostException {
    while (buffer.hasRemaining()) {
      int count = parts.line().read(buffer);
      if (count < 0) {
        throw died();
      }
      if (count == 0) {
        selector.selectedKeys().clear();
        if (selector.select(limit.toMillis()) == 0) {
          throw hung(limit);
        }
      }
    }
  }

  private WorkerLostException hung(Duration limit) {
    String said = said(parts.folder());
    parts.process().destroyForcibly();
    close();
    return new WorkerLostException(
        Kind.HUNG, "its Python doesn't answer within [" + limit + "] and was ended" + said);
  }

  private WorkerLostException died() {
    String code = "";
    try {
      boolean ended = parts.process().waitFor(END_MAX.toMillis(), TimeUnit.MILLISECONDS);
      code = ended ? " with code [" + parts.process().exitValue() + "]" : "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    String said = said(parts.folder());
    parts.process().destroyForcibly();
    close();
    return new WorkerLostException(Kind.WORKER_DIED, "its Python ended" + code + said);
  }

  /** The last lines that it printed. */
  private static String said(Path folder) {
    Path file = folder.resolve("said");
    try {
      List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
      if (lines.isEmpty()) {
        return "";
      }
      List<String> last = lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size());
      return ". It said last:\n  " + String.join("\n  ", last);
    } catch (IOException | UncheckedIOException e) {
      return ". What it said can't be read: " + e.getMessage();
    }
  }

  private static void delete(@Nullable Path folder) {
    if (folder == null) {
      return;
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      folder.toFile().deleteOnExit();
    }
  }

  @Override
  public void close() {
    try {
      selector.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    cleaning.clean();
  }
}
