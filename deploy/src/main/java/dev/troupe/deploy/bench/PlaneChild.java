package dev.troupe.deploy.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Another JVM with this one's settings, to which words are said and which answers in lines. */
final class PlaneChild implements AutoCloseable {
  /** How the lines begin that are answers. */
  static final String ANSWER = "> ";

  private final Process process;
  private final BufferedReader answers;

  private PlaneChild(Process process) {
    this.process = process;
    this.answers = process.inputReader();
  }

  static PlaneChild start(Class<?> main, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(arguments);
    return new PlaneChild(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
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
      throw new IOException("producing process [" + process.pid() + "] ended too early");
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

  @Override
  public void close() {
    process.destroy();
  }
}
