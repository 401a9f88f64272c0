package dev.troupe.deploy.command;

import dev.troupe.actors.security.KeyFolder;
import dev.troupe.actors.security.NodeKeys;
import dev.troupe.deploy.terminal.Console;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes the keys by which the nodes of a cluster know each other. */
@Command(
    name = "keys",
    header = "Makes the keys by which the nodes of a cluster know each other.",
    synopsisSubcommandLabel = "(init | node | show)",
    subcommands = {KeysCommand.Init.class, KeysCommand.Node.class, KeysCommand.Show.class},
    footer = {
      "%nA node that other machines can reach needs keys; on one machine none are needed.",
      "All keys of a cluster are made on one machine, and each node gets its own folder.",
      "%nExamples:",
      "  ./troupe keys init                                  once for a cluster",
      "  ./troupe keys node head-0 --host 10.0.0.5           for each node",
      "  ./troupe keys node head-0 --force                   renew, for the same hosts",
      "  ./troupe keys show                                  what there is, and until when",
      "%nMore is in docs/security.md, also how to use keys of your own authority."
    })
final class KeysCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  private static KeyFolder folder(Path root) {
    return new KeyFolder(root, Clock.systemUTC(), new SecureRandom());
  }

  private static String day(Instant instant) {
    return instant.atZone(ZoneOffset.UTC).toLocalDate().toString();
  }

  /** Makes the authority. */
  @Command(
      name = "init",
      header = "Makes a cluster's authority, which says who belongs to it.",
      footer = {"%nExample:", "  ./troupe keys init --dir keys"})
  static final class Init implements Callable<Integer> {
    private final Console console;

    @Option(
        names = "--dir",
        paramLabel = "DIR",
        description = "Where keys are made (default: keys).")
    private Path dir = Path.of("keys");

    @Option(
        names = "--force",
        description = "Replace the authority that is there: no earlier node is trusted any more.")
    private boolean force;

    Init(Console console) {
      this.console = console;
    }

    @Override
    public Integer call() {
      X509Certificate made = folder(dir).makeAuthority(force);
      console.format(
          "Made the authority of a cluster in %s, good until %s:",
          dir, day(made.getNotAfter().toInstant()));
      console.line("  ca.crt   by which nodes are known; every node gets a copy");
      console.line("  ca.key   by which nodes' keys are made: keep it here, and nowhere else");
      console.line("");
      console.line("Next, for each node, with the name or address that others dial:");
      console.format("  ./troupe keys node NAME --host HOST%s", option(dir));
      return ExitCode.DONE;
    }
  }

  /** Makes or renews a node's keys. */
  @Command(
      name = "node",
      header = "Makes the keys of a node, or renews them.",
      footer = {
        "%nExamples:",
        "  ./troupe keys node head-0 --host 10.0.0.5 --host head-0.example.org",
        "  ./troupe keys node workers --host '*.workers.troupe.svc.cluster.local'",
        "  ./troupe keys node head-0 --force    renew, for the same hosts"
      })
  static final class Node implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "NAME", description = "The node's name; it counts as a host, too.")
    private String name = "";

    @Option(
        names = "--host",
        paramLabel = "H",
        description = "Host name or address by which others dial the node; may be repeated.")
    private List<String> hosts = new ArrayList<>();

    @Option(
        names = "--days",
        paramLabel = "N",
        description = "How long the certificate is good (default: 365).")
    private int days = 365;

    @Option(
        names = "--dir",
        paramLabel = "DIR",
        description = "Where keys are made (default: keys).")
    private Path dir = Path.of("keys");

    @Option(names = "--force", description = "Replace the keys that the node has.")
    private boolean force;

    Node(Console console) {
      this.console = console;
    }

    @Override
    public Integer call() {
      if (days < 1) {
        throw new CommandFailure(
            ExitCode.REFUSED, "--days: got [" + days + "], expected at least 1");
      }
      NodeKeys made = folder(dir).makeNode(name, hosts, days, force);
      console.format(
          "Made keys of node %s for %s, good until %s:",
          name, String.join(", ", made.names()), day(made.expires()));
      console.format("  %s/ca.crt, node.crt, node.key", made.folder());
      console.line("");
      if (force) {
        console.line("Copy the files over those on the node; it reads them within seconds:");
        console.format("  scp -p %s/* HOST:keys/", made.folder());
        return ExitCode.DONE;
      }
      console.line("Copy the folder to the node, readable by its user only:");
      console.format("  scp -pr %s HOST:keys", made.folder());
      console.line("and start the node with it, on an address that the keys name:");
      console.format(
          "  ./troupe node --keys keys --bind %s:7355 ...",
          hosts.isEmpty()
              ? name
              : hosts.stream().filter(host -> !host.startsWith("*")).findFirst().orElse("HOST"));
      return ExitCode.DONE;
    }
  }

  /** Lists keys. */
  @Command(
      name = "show",
      header = "Shows which keys there are, and until when they are good.",
      footer = {
        "%nExit code 1 if some of them are no longer good.",
        "%nExamples:",
        "  ./troupe keys show              of a cluster, where its keys are made",
        "  ./troupe keys show --dir keys   on a node: whether its keys are fit"
      })
  static final class Show implements Callable<Integer> {
    private static final Duration SOON = Duration.ofDays(14);

    private final Console console;
    private final Instant now = Clock.systemUTC().instant();
    private boolean bad;

    @Option(
        names = "--dir",
        paramLabel = "DIR",
        description = "Where the keys are (default: keys).")
    private Path dir = Path.of("keys");

    Show(Console console) {
      this.console = console;
    }

    @Override
    public Integer call() {
      if (Files.exists(dir.resolve("node.crt"))) {
        NodeKeys keys = NodeKeys.read(dir, now);
        line("this node", keys.expires(), String.join(", ", keys.names()));
        return ExitCode.DONE;
      }
      KeyFolder folder = folder(dir);
      X509Certificate authority = folder.authorityCertificate();
      line(
          "authority",
          authority.getNotAfter().toInstant(),
          authority.getSubjectX500Principal().getName());
      Map<String, X509Certificate> nodes = folder.nodes();
      nodes.forEach(
          (name, certificate) -> {
            boolean ours =
                certificate.getIssuerX500Principal().equals(authority.getSubjectX500Principal());
            bad |= !ours;
            line(
                name,
                certificate.getNotAfter().toInstant(),
                String.join(", ", KeyFolder.hosts(certificate))
                    + (ours ? "" : console.bad("  of an earlier authority: make it again")));
          });
      if (nodes.isEmpty()) {
        console.format("No node has keys yet: ./troupe keys node NAME --host HOST%s", option(dir));
      }
      return bad ? ExitCode.FAILED : ExitCode.DONE;
    }

    private void line(String name, Instant end, String what) {
      String until = "until " + day(end);
      if (now.isAfter(end)) {
        bad = true;
        until = console.bad("EXPIRED " + day(end));
      } else if (now.isAfter(end.minus(SOON))) {
        until = console.warning("until " + day(end) + ", soon");
      }
      console.format("%-20s  %s  %s", name, until, what);
    }
  }

  private static String option(Path dir) {
    return dir.equals(Path.of("keys")) ? "" : " --dir " + dir;
  }
}
