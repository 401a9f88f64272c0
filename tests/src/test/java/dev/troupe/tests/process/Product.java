package dev.troupe.tests.process;

import dev.troupe.deploy.Main;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Troupe as people run it, as a process: the class path of this test, the flags of the launcher but
 * for the choice of a compiler that starts faster.
 */
public final class Product {
  private static final List<String> FLAGS =
      List.of(
          "--sun-misc-unsafe-memory-access=allow",
          "--enable-native-access=ALL-UNNAMED",
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-XX:-UsePerfData",
          "-Xmx768m",
          "-Dstdout.encoding=UTF-8");

  private final Path directory;
  private final Map<String, String> environment;
  private final Duration patience;
  private final List<String> wrapper;

  private Product(
      Path directory, Map<String, String> environment, Duration patience, List<String> wrapper) {
    this.directory = directory;
    this.environment = Map.copyOf(environment);
    this.patience = patience;
    this.wrapper = List.copyOf(wrapper);
  }

  /** Works in {@code directory}. */
  public static Product in(Path directory) {
    return new Product(directory, Map.of(), Duration.ofSeconds(150), List.of());
  }

  /** Halts as if killed at {@code point}, for example {@code after-cut:2}. */
  public Product crashingAt(String point) {
    return with("TROUPE_CRASH_AT", point);
  }

  /** Stops all its threads at {@code point}, as {@code kill -STOP} does. */
  public Product freezingAt(String point) {
    return with("TROUPE_FREEZE_AT", point);
  }

  /**
   * Its native libraries pass over what this processor has beyond the oldest of its family, and so
   * end in other last bits.
   */
  public Product onAnOldProcessor() {
    return with("ATEN_CPU_CAPABILITY", "default")
        .with("ONEDNN_MAX_CPU_ISA", "SSE41")
        .with("MKL_ENABLE_INSTRUCTIONS", "SSE4_2");
  }

  /** Sees these classes, too, as the launcher's {@code TROUPE_CLASSPATH} has it. */
  public Product seeing(Path jar) {
    return with("TROUPE_CLASSPATH", jar.toString());
  }

  private Product with(String variable, String value) {
    Map<String, String> more = new HashMap<>(environment);
    more.put(variable, value);
    return new Product(directory, more, patience, wrapper);
  }

  /** Waits this long for the end of a command. */
  public Product patient(Duration limit) {
    return new Product(directory, environment, limit, wrapper);
  }

  /** Can write no file beyond this size: what a disk that is full looks like to a writer. */
  Product writingAtMost(int kilobytes) {
    return within(List.of("bash", "-c", "ulimit -f " + kilobytes + " && exec \"$@\"", "limited"));
  }

  /**
   * Heeds SIGINT: whoever runs tests in the background has it ignored, and with it all children.
   */
  public Product heedingCtrlC() {
    return within(List.of("env", "--default-signal=INT"));
  }

  /**
   * Is started by {@code command}, which must become it: {@code ip netns exec NAME}, for example.
   */
  public Product within(List<String> command) {
    return new Product(directory, environment, patience, command);
  }

  /**
   * How a process ended.
   *
   * @param exit status; 137 after {@code kill -9}
   */
  public record Ended(String command, int exit, String out, String err) {
    /** Fails with everything that the process said, unless it ended with {@code expected}. */
    public Ended with(int expected) {
      if (exit != expected) {
        throw new AssertionError(
            command
                + "\nended with ["
                + exit
                + "], expected ["
                + expected
                + "]; it said\n"
                + out
                + "\nand\n"
                + err);
      }
      return this;
    }
  }

  /** Runs a command to its end. */
  public Ended run(String... arguments) {
    return start(arguments).await();
  }

  /** Starts a command. */
  public Running start(String... arguments) {
    List<String> command = new ArrayList<>(wrapper);
    command.addAll(program());
    command.addAll(List.of(arguments));
    return start(command, "troupe " + String.join(" ", arguments), Map.of());
  }

  /**
   * Starts what isn't Troupe itself but may start it as {@code ./troupe}: it works in the
   * directory, where that is a program.
   */
  public Running start(List<String> command, Map<String, String> more) {
    Path launcher = directory.resolve("troupe");
    // Once: a shell may be reading it.
    if (!Files.exists(launcher)) {
      try {
        Files.writeString(
            launcher, "#!/bin/sh\nexec '" + String.join("' '", program()) + "' \"$@\"\n");
        Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwx------"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return start(command, String.join(" ", command), more);
  }

  private List<String> program() {
    List<String> program = new ArrayList<>();
    program.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    program.addAll(FLAGS);
    program.add("-cp");
    String own = environment.getOrDefault("TROUPE_CLASSPATH", "");
    program.add(classPath() + (own.isEmpty() ? "" : File.pathSeparator + own));
    program.add(Main.class.getName());
    return program;
  }

  private Running start(List<String> command, String shown, Map<String, String> more) {
    try {
      Path out = Files.createTempFile(directory, "out-", ".txt");
      Path err = Files.createTempFile(directory, "err-", ".txt");
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      builder.environment().keySet().removeAll(List.of("TROUPE_CRASH_AT", "TROUPE_FREEZE_AT"));
      builder.environment().putAll(environment);
      builder.environment().putAll(more);
      return new Running(shown, builder.start(), out, err, patience);
    } catch (IOException e) {
      throw new UncheckedIOException("starting " + command, e);
    }
  }

  /** Under Surefire the class path is a jar that names it; the real one stands in a property. */
  static String classPath() {
    return Optional.ofNullable(System.getProperty("surefire.test.class.path"))
        .orElse(System.getProperty("java.class.path"));
  }

  /** A process under way. */
  public record Running(String command, Process process, Path out, Path err, Duration patience) {

    /** {@code kill -9}, unless it has ended by itself. */
    public Ended kill() {
      process.destroyForcibly();
      return await();
    }

    /** Sends a signal, for example {@code TERM}, which does what Ctrl-C does. */
    public void signal(String name) throws IOException, InterruptedException {
      new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start().waitFor();
    }

    /**
     * Waits for the end; a process that doesn't come to it is killed and shown with its threads.
     */
    public Ended await() {
      try {
        if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
          signal("QUIT");
          process.waitFor(2, TimeUnit.SECONDS);
          process.destroyForcibly().waitFor();
          throw new AssertionError(
              command
                  + "\ndidn't end within ["
                  + patience
                  + "]; it said\n"
                  + said(out)
                  + "\nand\n"
                  + said(err));
        }
        return new Ended(command, process.exitValue(), said(out), said(err));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        process.destroyForcibly();
        throw new IllegalStateException("interrupted while waiting for " + command, e);
      }
    }

    private static String said(Path file) throws IOException {
      return Files.readString(file);
    }
  }
}
