package dev.troupe.rollout.process;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import dev.troupe.rollout.environment.EnvironmentFailure.Kind;
import java.io.IOException;
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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One program that works for this one, and the line to it. A message is its length in four bytes,
 * then its bytes. The program ends when the line does; of what it prints the last lines are kept,
 * for when it fails.
 */
public final class WorkerProcess implements AutoCloseable {
  /** Until it has begun to talk, and has made what it is to work with. */
  public static final Duration START_MAX = Duration.ofMinutes(2);

  private static final Cleaner CLEANER = Cleaner.create();
  private static final Duration END_MAX = Duration.ofSeconds(2);
  private static final int LOOK_MILLIS = 100;
  private static final int LISTEN_MILLIS = 20;
  private static final int REPLY_BYTES_MAX = 1 << 28;

  private final Parts parts;
  private final Selector selector;
  private final Cleaner.Cleanable cleaning;
  private final ByteBuffer length = ByteBuffer.allocate(Integer.BYTES);

  /**
   * How a program is started.
   *
   * @param name what messages call it, like {@code its Python}
   * @param from which program that is exactly, for when it can't be started
   * @param command makes it, given a folder of its own; the address of the line comes behind
   * @param variables of the environment, beside this process's own
   */
  public record Launch(String name, String from, Command command, Map<String, String> variables) {}

  /** Makes a command, and the files that it needs. */
  @FunctionalInterface
  public interface Command {
    List<String> in(Path folder) throws IOException;
  }

  /** What has to be ended; refers to nothing that refers to it. */
  private record Parts(String name, Process process, SocketChannel line, LastWords words)
      implements Runnable {
    void kill() {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }

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
    }
  }

  private WorkerProcess(Parts parts, Selector selector) {
    this.parts = parts;
    this.selector = selector;
    this.cleaning = CLEANER.register(this, parts);
  }

  /**
   * Starts a program.
   *
   * @throws WorkerLostException if it doesn't begin to talk
   */
  public static WorkerProcess start(Launch launch) throws WorkerLostException {
    Path folder = null;
    Process process = null;
    LastWords words = new LastWords();
    try {
      folder = Files.createTempDirectory("troupe-worker");
      List<String> command = new ArrayList<>(launch.command().in(folder));
      UnixDomainSocketAddress address = UnixDomainSocketAddress.of(folder.resolve("line"));
      try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
        server.bind(address);
        command.add(address.getPath().toString());
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(launch.variables());
        process = builder.start();
        process.getOutputStream().close();
        words.of(process.getInputStream());
        SocketChannel line = accept(launch.name(), server, process, words);
        line.configureBlocking(false);
        Selector selector = Selector.open();
        line.register(selector, SelectionKey.OP_READ);
        return new WorkerProcess(new Parts(launch.name(), process, line, words), selector);
      }
    } catch (IOException | WorkerLostException e) {
      String said = words.said();
      if (process != null) {
        process.destroyForcibly();
      }
      if (e instanceof WorkerLostException lost) {
        throw lost;
      }
      throw new WorkerLostException(
          Kind.WORKER_DIED, launch.from() + " can't be started: " + e.getMessage() + said);
    } finally {
      // Whoever talks has read it all: nothing is left behind, however this process ends.
      delete(folder);
    }
  }

  private static SocketChannel accept(
      String name, ServerSocketChannel server, Process process, LastWords words)
      throws IOException, WorkerLostException {
    server.configureBlocking(false);
    try (Selector selector = Selector.open()) {
      server.register(selector, SelectionKey.OP_ACCEPT);
      for (long waited = 0; waited < START_MAX.toMillis(); waited += LOOK_MILLIS) {
        selector.select(LOOK_MILLIS);
        words.hear();
        SocketChannel line = server.accept();
        if (line != null) {
          return line;
        }
        if (!process.isAlive()) {
          throw new WorkerLostException(
              Kind.WORKER_DIED,
              name + " ended with code [" + process.exitValue() + "]" + words.said());
        }
      }
    }
    throw new WorkerLostException(
        Kind.HUNG, name + " doesn't begin within [" + START_MAX + "]" + words.said());
  }

  long pid() {
    return parts.process().pid();
  }

  /** Asks and waits. */
  public <T extends MessageLite> T ask(MessageLite request, Parser<T> reply, Duration limit)
      throws WorkerLostException {
    send(request, limit);
    return receive(reply, limit);
  }

  /**
   * Says something that is answered later.
   *
   * @param limit until all of it has been taken; more than a little waits for the program to read
   * @throws WorkerLostException if it ended or doesn't read; the process is ended then
   */
  public void send(MessageLite request, Duration limit) throws WorkerLostException {
    byte[] bytes = request.toByteArray();
    ByteBuffer message = ByteBuffer.allocate(Integer.BYTES + bytes.length);
    message.putInt(bytes.length).put(bytes).flip();
    try {
      move(message, SelectionKey.OP_WRITE, limit);
    } catch (IOException e) {
      throw died();
    }
  }

  /**
   * What it answers.
   *
   * @throws WorkerLostException if it ends or doesn't answer in time; the process is ended then
   */
  public <T extends MessageLite> T receive(Parser<T> parser, Duration limit)
      throws WorkerLostException {
    try {
      length.clear();
      move(length, SelectionKey.OP_READ, limit);
      int size = length.getInt(0);
      if (size < 0 || size > REPLY_BYTES_MAX) {
        throw new IOException("an answer of [" + size + "] bytes");
      }
      ByteBuffer reply = ByteBuffer.allocate(size);
      move(reply, SelectionKey.OP_READ, limit);
      return parser.parseFrom(reply.flip().array());
    } catch (InvalidProtocolBufferException e) {
      close();
      throw new WorkerLostException(Kind.WORKER_DIED, parts.name() + " answers nonsense: " + e);
    } catch (IOException e) {
      throw died();
    }
  }

  /**
   * All of the buffer, in or out. Listens to what is printed meanwhile: nobody can wait for a
   * program that can't print.
   */
  private void move(ByteBuffer buffer, int way, Duration limit)
      throws IOException, WorkerLostException {
    SocketChannel line = parts.line();
    line.keyFor(selector).interestOps(way);
    long waited = 0;
    while (buffer.hasRemaining()) {
      int count = way == SelectionKey.OP_READ ? line.read(buffer) : line.write(buffer);
      if (count < 0) {
        throw died();
      }
      if (count == 0) {
        long look = parts.words().hear() ? 1 : LISTEN_MILLIS;
        selector.selectedKeys().clear();
        if (selector.select(Math.max(1, Math.min(look, limit.toMillis()))) == 0) {
          waited += look;
        }
        if (waited >= limit.toMillis()) {
          throw hung(limit);
        }
      }
    }
  }

  private WorkerLostException hung(Duration limit) {
    String said = said();
    parts.kill();
    close();
    return new WorkerLostException(
        Kind.HUNG, parts.name() + " doesn't answer within [" + limit + "] and was ended", said);
  }

  private WorkerLostException died() {
    String code = "";
    try {
      boolean ended = parts.process().waitFor(END_MAX.toMillis(), TimeUnit.MILLISECONDS);
      code = ended ? " with code [" + parts.process().exitValue() + "]" : "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    // What is killed can't be listened to.
    String said = said();
    parts.kill();
    close();
    return new WorkerLostException(Kind.WORKER_DIED, parts.name() + " ended" + code, said);
  }

  /** The last lines that it printed, for the end of a message; empty where there are none. */
  public String said() {
    return parts.words().said();
  }

  private static void delete(@Nullable Path folder) {
    if (folder == null) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
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
