package dev.troupe.deploy.terminal;

import dev.troupe.actors.cluster.ClusterView;
import dev.troupe.actors.cluster.Role;
import dev.troupe.actors.run.ActorProgress;
import dev.troupe.actors.run.Phase;
import dev.troupe.actors.run.RunStatus;
import dev.troupe.deploy.report.EndReport;
import dev.troupe.deploy.watch.RunView;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A cluster in words: its nodes, its runs, and what every actor does. */
public final class ClusterText {
  /** Columns of nodes that a narrow terminal does without, the first ones first. */
  private static final List<String> LESS_IMPORTANT =
      List.of("RELEASE", "DEVICES", "MEMORY", "CORES", "LEARNS", "ADDRESS", "STATE");

  private final Console console;
  private final int width;
  private final ProgressText progress;

  /** With the colours of {@code console}, on lines of at most {@code width} characters. */
  public ClusterText(Console console, int width) {
    this.console = console;
    this.width = width;
    this.progress = new ProgressText(console);
  }

  /** The whole cluster; {@code views} has the figures of runs that are followed. */
  public List<String> all(ClusterView cluster, Map<String, RunView> views) {
    List<String> lines = new ArrayList<>();
    lines.add(
        console.bold(counted(cluster.nodes().size(), "node"))
            + ", active head "
            + cluster.head()
            + ", "
            + counted(cluster.runs().size(), "run"));
    lines.add("");
    lines.addAll(nodes(cluster.nodes()));
    for (ClusterView.Run run : cluster.runs()) {
      lines.add("");
      lines.addAll(run(run, Optional.ofNullable(views.get(run.name()))));
    }
    return lines;
  }

  private List<String> nodes(List<ClusterView.Node> nodes) {
    Table table = new Table();
    table.row(
        "NODE",
        "STATE",
        "ROLES",
        "DEVICES",
        "CORES",
        "MEMORY",
        "ROLLOUT ACTORS",
        "LEARNS",
        "RELEASE",
        "ADDRESS");
    for (ClusterView.Node node : nodes) {
      table.row(
          node.name(),
          label(node.state()),
          node.roles().stream().sorted().map(Role::text).collect(Collectors.joining(",")),
          String.join(",", node.devices()),
          Integer.toString(node.processors()),
          Figures.bytes(node.memoryBytes()),
          allotted(node),
          node.learners().isEmpty() ? "-" : String.join(",", node.learners()),
          node.version(),
          node.address().toString());
    }
    List<String> lines = new ArrayList<>();
    List<String> rows = table.lines(width, LESS_IMPORTANT);
    lines.add(console.faint(rows.getFirst()));
    for (int i = 0; i < nodes.size(); i++) {
      String row = rows.get(i + 1);
      lines.add(
          switch (nodes.get(i).state()) {
            case UP -> row;
            case UNREACHABLE -> console.bad(row);
            case DRAINING -> console.warning(row);
          });
    }
    return lines;
  }

  private static String allotted(ClusterView.Node node) {
    if (node.slots() == 0) {
      return "-";
    }
    int used = node.allotted().values().stream().mapToInt(Integer::intValue).sum();
    String runs =
        new TreeMap<>(node.allotted())
            .entrySet().stream()
                .map(entry -> entry.getKey() + " " + entry.getValue())
                .collect(Collectors.joining(", "));
    return used + " of " + node.slots() + (runs.isEmpty() ? "" : ": " + runs);
  }

  /** The runs, one line each. */
  public List<String> runs(List<ClusterView.Run> runs) {
    Table table = new Table();
    table.row("RUN", "STATE", "SHARE", "UPDATES", "BEST", "WHAT");
    for (ClusterView.Run run : runs) {
      RunStatus status = run.status();
      table.row(
          run.name(),
          label(run.state()),
          share(run.share()),
          status.updates() + limit(status.updatesMax()),
          status.bestAccuracy().isPresent()
              ? Figures.percent(status.bestAccuracy().getAsDouble())
              : "-",
          firstLine(what(run)));
    }
    return table.lines(width, List.of("SHARE", "BEST"));
  }

  /** Long stories are for {@link #run}. */
  private static String firstLine(String words) {
    int end = words.indexOf('\n');
    return end < 0 ? words : words.substring(0, end).stripTrailing() + " …";
  }

  /** One run: its figures, its account, its actors. */
  public List<String> run(ClusterView.Run run, Optional<RunView> view) {
    List<String> lines = new ArrayList<>();
    String state =
        switch (run.state()) {
          case QUEUED -> console.warning("queued");
          case ACTIVE -> console.good("active");
          case STOPPED -> console.warning("stopped");
          case DONE -> console.good("done");
          case FAILED -> console.bad("failed");
        };
    List<String> story = what(run).lines().toList();
    lines.add(
        console.bold(run.name()) + ": " + state + (story.isEmpty() ? "" : ", " + story.getFirst()));
    story.stream().skip(1).map(line -> "  " + line.stripTrailing()).forEach(lines::add);
    if (view.isPresent() && run.state() == ClusterView.RunState.ACTIVE) {
      progress.block(view.get(), "", Math.max(40, width - 2)).stream()
          .takeWhile(line -> !line.startsWith("ledger "))
          .map(line -> "  " + line)
          .forEach(lines::add);
    }
    for (String line : EndReport.lines(run.status().ledger())) {
      lines.add("  ledger  " + line);
    }
    Table table = new Table();
    for (ActorProgress actor : run.actors()) {
      table.row(
          "  " + actor.name(),
          actor.waitsFor().isEmpty()
              ? "works"
              : "waits " + Figures.duration(actor.since()) + " for " + actor.waitsFor());
    }
    lines.addAll(table.lines());
    return lines.stream().flatMap(line -> Wrap.lines(line, width, 10).stream()).toList();
  }

  private static String what(ClusterView.Run run) {
    return switch (run.state()) {
      case QUEUED -> run.waitsFor().isEmpty() ? "next" : "waits for " + run.waitsFor();
      case ACTIVE ->
          run.waitsFor().isEmpty() ? doing(run) : doing(run) + ", waits for " + run.waitsFor();
      case STOPPED, DONE, FAILED -> run.words();
    };
  }

  private static String doing(ClusterView.Run run) {
    RunStatus status = run.status();
    String stage =
        switch (status.stage()) {
          case NONE -> "";
          case SUPERVISED -> "supervised step " + status.supervisedSteps();
          case REINFORCED -> "update " + status.updates() + limit(status.updatesMax());
          case CLOSING -> "last evaluation";
        };
    String phase = status.phase() == Phase.RUNNING && !stage.isEmpty() ? "" : label(status.phase());
    String detail = status.detail();
    return Stream.of(phase, stage, detail)
        .filter(part -> !part.isEmpty())
        .collect(Collectors.joining(", "));
  }

  private static String limit(long updates) {
    return updates == 0 ? "" : "/" + updates;
  }

  private static String share(double share) {
    return share == Math.rint(share)
        ? Long.toString((long) share)
        : String.format(Locale.ROOT, "%.2f", share);
  }

  private static String counted(int count, String what) {
    return count + " " + what + (count == 1 ? "" : "s");
  }

  private static String label(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
