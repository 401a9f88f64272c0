package dev.troupe.deploy.bench;

import dev.troupe.actors.cluster.HostPort;
import dev.troupe.actors.cluster.Role;
import dev.troupe.deploy.logs.Logs;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A process of {@link NodesBenchmark}, with some nodes of the cluster. It obeys its standard input,
 * one word a line, answers each, and ends when that does, as it does when its parent dies:
 *
 * <pre>
 *   start COUNT ROLES JOIN    starts nodes, JOIN being a node to join through or -; the last one's
 *                             address
 *   agree MEMBERS MILLIS      waits until each node here sees so many; yes, or what is in the way
 *   silent                    who was held to be unreachable since this was last said
 *   leave                     the newest node leaves
 * </pre>
 */
public final class NodesProcess {
  /** How the names of the processes' logs end. */
  static final String LOG = ".log";

  private NodesProcess() {}

  /** Begins with the folder for files. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Files.createDirectories(Path.of(arguments[0]));
    // Logging is set up before many threads want it at once.
    Logs.alsoTo(folder.resolve("process-" + ProcessHandle.current().pid() + LOG));
    NodesHere nodes = new NodesHere(folder, System::nanoTime);
    BufferedReader words =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    say("ready");
    for (String line = words.readLine(); line != null; line = words.readLine()) {
      say(answer(nodes, List.of(line.split(" ", -1))));
    }
    Runtime.getRuntime().halt(0);
  }

  private static String answer(NodesHere nodes, List<String> words) {
    return switch (words.getFirst()) {
      case "start" -> start(nodes, words);
      case "agree" ->
          nodes
              .agree(
                  Integer.parseInt(words.get(1)), Duration.ofMillis(Long.parseLong(words.get(2))))
              .orElse("yes");
      case "silent" ->
          nodes.silent().stream().map(HostPort::toString).collect(Collectors.joining(" "));
      case "leave" -> {
        nodes.leave();
        yield "left";
      }
      default -> throw new IllegalArgumentException(words + " is nothing that nodes know");
    };
  }

  private static String start(NodesHere nodes, List<String> words) {
    String last = "";
    for (int i = 0; i < Integer.parseInt(words.get(1)); i++) {
      Optional<HostPort> join =
          Optional.of(words.get(3)).filter(to -> !to.equals("-")).map(HostPort::parse);
      last = nodes.start(Role.parse(words.get(2)), join).toString();
    }
    return last;
  }

  private static void say(String line) {
    System.out.println(Child.ANSWER + line);
    System.out.flush();
  }
}
