package dev.troupe.tests.cluster;

import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.troupe.tests.process.Ports;
import dev.troupe.tests.process.Product;
import dev.troupe.tests.process.RunFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;

/** Nodes as processes on loopback, with a directory that they share. */
final class Cluster implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(150);

  private final Path directory;
  private final Product product;
  private final List<String> heads = new ArrayList<>();
  private final Map<String, Node> nodes = new LinkedHashMap<>();
  private final List<Product.Running> others = new ArrayList<>();
  private OptionalInt lostAfter = OptionalInt.empty();

  /** A node and where it is reached. */
  record Node(String name, String address, Path scratch, Product.Running running) {
    /** What it has logged so far of which the message contains {@code words}, in order. */
    List<JsonObject> logged(String words) {
      Path log = scratch.resolve("node.log");
      if (!Files.exists(log)) {
        return List.of();
      }
      try (Stream<String> lines = Files.lines(log)) {
        return lines
            // The last one may not be whole yet.
            .filter(line -> line.endsWith("}"))
            .map(line -> JsonParser.parseString(line).getAsJsonObject())
            .filter(line -> line.get("message").getAsString().contains(words))
            .toList();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    int port() {
      return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }
  }

  Cluster(Path directory) {
    this.directory = directory;
    this.product = Product.in(directory).patient(PATIENCE);
  }

  Path home() {
    return directory.resolve("home");
  }

  RunFiles run(String name) {
    return new RunFiles(home().resolve(name));
  }

  /** Chooses where heads will listen, so that each can name all of them. */
  Cluster heads(int count) {
    for (int i = 0; i < count; i++) {
      heads.add("127.0.0.1:" + Ports.threeInARow());
    }
    return this;
  }

  /** Silent nodes are waited for so many seconds. */
  Cluster lostAfter(int seconds) {
    lostAfter = OptionalInt.of(seconds);
    return this;
  }

  /** Starts head {@code index}, which may have other roles, too. */
  Node head(int index, String roles) {
    return head(index, roles, Optional.empty());
  }

  Node head(int index, String roles, Optional<String> crashPoint) {
    return start(
        "head-" + index,
        heads.get(index),
        roles,
        crashPoint.map(product::crashingAt).orElse(product));
  }

  /** One that freezes at {@code point} until it gets the signal CONT. */
  Node freezingHead(int index, String roles, String point) {
    return start("head-" + index, heads.get(index), roles, product.freezingAt(point));
  }

  Node worker(String name, String roles) {
    return start(name, "127.0.0.1:" + Ports.threeInARow(), roles, product);
  }

  /** One that doesn't share the others' files of weights, as if on another machine. */
  Node distantWorker(String name, String roles, String crashPoint) {
    return start(
        name,
        "127.0.0.1:" + Ports.threeInARow(),
        roles,
        product.crashingAt(crashPoint),
        directory.resolve(name).resolve("scratch"));
  }

  private Node start(String name, String address, String roles, Product as) {
    return start(
        name, address, roles, as, directory.resolve("scratch-" + name + "-" + nodes.size()));
  }

  private Node start(String name, String address, String roles, Product as, Path scratch) {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("node", "--name", name, "--roles", roles, "--bind", address));
    command.addAll(List.of("--join", String.join(",", heads), "--home", home().toString()));
    command.addAll(List.of("--scratch", scratch.toString(), "--slots", "1"));
    lostAfter.ifPresent(
        seconds -> command.addAll(List.of("--lost-after", String.valueOf(seconds))));
    Product.Running running = as.start(command.toArray(String[]::new));
    Node node = new Node(name, address, scratch, running);
    nodes.put(name + "#" + nodes.size(), node);
    return node;
  }

  /** Submits a recipe; the command ends when the run does. */
  Product.Running submit(Path recipe) {
    return submit(recipe, heads.getFirst());
  }

  Product.Running submit(Path recipe, String to) {
    Product.Running running = product.heedingCtrlC().start("submit", recipe.toString(), "--to", to);
    others.add(running);
    return running;
  }

  Product.Ended command(String... arguments) {
    return product.run(arguments);
  }

  /** A command that may not come to its end by itself. */
  Product.Running starting(String... arguments) {
    Product.Running running = product.start(arguments);
    others.add(running);
    return running;
  }

  /** Runs a command on a terminal of its own; what it draws goes to {@code screen}. */
  Product.Running onTerminal(Path screen, String command) {
    Product.Running running =
        product.start(
            List.of(
                "script", "-qefc", "stty rows 40 cols 120; ./troupe " + command, screen.toString()),
            // As the launcher says it.
            Map.of("TERM", "xterm", "JAVA_TOOL_OPTIONS", "-Dtroupe.terminal=true"));
    others.add(running);
    return running;
  }

  String address(int head) {
    return heads.get(head);
  }

  /** Waits until a node's HTTP server listens. */
  void awaitListening(Node node) {
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              if (!node.running().process().isAlive()) {
                node.running().await().with(0);
              }
              try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), node.port() + 1)) {
                return true;
              } catch (IOException _) {
                return false;
              }
            });
  }

  /** Waits until these nodes are members of the cluster: one that still joins has no say in it. */
  void awaitUp(Node... joining) {
    for (Node node : joining) {
      awaitOrTell(
          () -> {
            if (!node.running().process().isAlive()) {
              node.running().await().with(0);
            }
            return Files.readString(node.running().out()).contains("] is up at ");
          });
    }
  }

  /** Waits until the run has made this many lines of figures: steps, updates, evaluations. */
  void awaitFigures(String run, long lines) {
    RunFiles files = run(run);
    awaitOrTell(() -> Files.isDirectory(home().resolve(run)) && files.figures() >= lines);
  }

  /** Waits until {@code condition} holds. */
  void awaitOrTell(Callable<Boolean> condition) {
    try {
      await().atMost(PATIENCE).until(condition);
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(e.getMessage() + "\n" + said(), e);
    }
  }

  /** What every process said, for a failure's message. */
  String said() {
    StringBuilder all = new StringBuilder();
    nodes.forEach((name, node) -> said(all, name, node.running()));
    others.forEach(running -> said(all, running.command(), running));
    return all.toString();
  }

  private static void said(StringBuilder all, String name, Product.Running running) {
    all.append("---- ").append(name).append('\n');
    try {
      all.append(Files.readString(running.out())).append(Files.readString(running.err()));
    } catch (IOException e) {
      all.append(e);
    }
  }

  @Override
  public void close() {
    others.forEach(Product.Running::kill);
    nodes.values().forEach(node -> node.running().kill());
  }
}
