package dev.troupe.deploy.command;

import dev.troupe.actors.cluster.HostPort;
import dev.troupe.deploy.client.ClusterClient;
import dev.troupe.deploy.security.TokenAccess;
import dev.troupe.deploy.terminal.Console;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of commands that ask a cluster. */
final class ClusterOptions {
  static final String VARIABLE = "TROUPE_CLUSTER";
  static final String DEFAULT = "127.0.0.1:7355";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Option(
      names = "--to",
      paramLabel = "HOST:PORT[,...]",
      description =
          "Address of any node; the environment's " + VARIABLE + ", else " + DEFAULT + ".")
  private @Nullable String to;

  @Option(
      names = "--keys",
      paramLabel = "DIR",
      description = "Keys of a cluster that uses TLS; the environment's TROUPE_KEYS.")
  private @Nullable Path keys;

  @Option(
      names = "--token",
      paramLabel = "FILE",
      description =
          "File of the token of a cluster that isn't on loopback (api-token in the heads' --home);"
              + " or the token itself in the environment's TROUPE_TOKEN.")
  private @Nullable Path token;

  /** Whether the command line names a cluster. */
  boolean isGiven() {
    return to != null;
  }

  /** A client that tells {@code waiting} when it has to wait. */
  ClusterClient connect(Consumer<String> waiting) {
    Map<String, String> environment = System.getenv();
    return new ClusterClient(
        addresses(to == null ? environment.getOrDefault(VARIABLE, DEFAULT) : to, "--to"),
        TokenAccess.ofClient(keys, token, environment, Clock.systemUTC()),
        PATIENCE,
        waiting,
        System::nanoTime);
  }

  /** A client that tells of waiting in lines on {@code console}. */
  ClusterClient connect(Console console) {
    return connect(words -> console.err().println(console.warning(words)));
  }

  /** As one would type it to mean the same cluster. */
  String typed() {
    return to == null ? "" : " --to " + to;
  }

  /** The folder of keys that the environment names. */
  static Optional<Path> keysOf(Map<String, String> environment) {
    return Optional.of(environment.getOrDefault(TokenAccess.KEYS_VARIABLE, ""))
        .filter(folder -> !folder.isEmpty())
        .map(Path::of);
  }

  /** Reads a list of addresses. */
  static List<HostPort> addresses(String text, String option) {
    List<HostPort> addresses = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      try {
        HostPort address = HostPort.parse(part.strip());
        if (address.port() == 0 || address.port() > 65_533) {
          throw new IllegalArgumentException(
              "[" + part + "] is no node's address: its port and the next two are used");
        }
        addresses.add(address);
      } catch (IllegalArgumentException e) {
        throw new CommandFailure(ExitCode.REFUSED, option + ": " + e.getMessage());
      }
    }
    return addresses;
  }
}
