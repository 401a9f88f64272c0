package dev.troupe.deploy.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** Another JVM with this one's settings, to which words are said and which answers in lines. */
final class Child implements AutoCloseable {
  /** How the lines begin that are answers. */
  static final String ANSWER = "> ";

  private static final long END_WITHIN_SECONDS = 10;

  private static final Pattern ABOUT_HEAP =
      Pattern.compile("-Xm[nsx]|-XX:SurvivorRatio|-XX:\\+AlwaysPreTouch");

  /** Settings of the C library's heap. */
  private static final Map<String, String> AS_THE_LAUNCHER =
      Map.of(
          "MALLOC_MMAP_THRESHOLD_", "1073741824",
          "MALLOC_TRIM_THRESHOLD_", "2147483648");

  private final Process process;
  private final BufferedReader answers;

  private Child(Process process) {
    this.process = process;
    this.answers = process.inputReader();
  }

  /** Starts {@code main} with this JVM's settings. */
  static Child start(Class<?> main, List<String> arguments) throws IOException {
    return start(main, arguments, ManagementFactory.getRuntimeMXBean().getInputArguments());
  }

  /** Starts {@code main} with a heap of its own and otherwise this JVM's settings. */
  static Child withHeap(Class<?> main, List<String> arguments, List<String> heap)
      throws IOException {
    List<String> settings = new ArrayList<>();
    for (String setting : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (!ABOUT_HEAP.matcher(setting).lookingAt()) {
        settings.add(setting);
      }
    }
    settings.addAll(heap);
    return start(main, arguments, settings);
  }

  private static Child start(Class<?> main, List<String> arguments, List<String> settings)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(settings);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    AS_THE_LAUNCHER.forEach(builder.environment()::putIfAbsent);
    return new Child(builder.start());
  }

  void say(String word) throws IOException {
    process.outputWriter().write(word + "\n");
    process.outputWriter().flush();
  }

  /** Its next answer; what the JVM itself has to say is passed over. */
  String line() throws IOException {
    String line = answers.readLine();
    while (line != null && !line.startsWith(ANSWER)) {
      line = answers.readLine();
    }
    if (line == null) {
      throw new IOException(
          "process [" + process.pid() + "] of this benchmark ended before it answered");
    }
    return line.substring(ANSWER.length());
  }

  String ask(String word) throws IOException {
    say(word);
    return line();
  }

  /** Processor time that it has used. */
  long busyNanos() {
    return process.info().totalCpuDuration().map(Duration::toNanos).orElse(0L);
  }

  long pid() {
    return process.pid();
  }

  /** Ends it as {@code kill -9} does; returns when it is gone. */
  void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  /** Ends it; returns when it is gone. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(END_WITHIN_SECONDS, TimeUnit.SECONDS)) {
        kill();
      }
    } catch (InterruptedException _) {
      kill();
      Thread.currentThread().interrupt();
    }
  }
}
