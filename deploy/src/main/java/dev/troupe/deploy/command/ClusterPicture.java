package dev.troupe.deploy.command;

import dev.troupe.actors.cluster.ClusterView;
import dev.troupe.deploy.client.ClusterClient;
import dev.troupe.deploy.client.RunReport;
import dev.troupe.deploy.terminal.ClusterText;
import dev.troupe.deploy.terminal.Console;
import dev.troupe.deploy.watch.RunView;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A cluster, or one run of it, as asked for once.
 *
 * @param run name of the run, empty for all
 */
record ClusterPicture(ClusterView cluster, String run, Map<String, RunView> views) {
  ClusterPicture {
    views = Map.copyOf(views);
  }

  /** Asks {@code client}. */
  static ClusterPicture of(ClusterClient client, String run) {
    ClusterView cluster = client.view();
    Map<String, RunView> views = new HashMap<>();
    if (run.isEmpty()) {
      for (ClusterView.Run each : cluster.runs()) {
        if (each.state() == ClusterView.RunState.ACTIVE) {
          client
              .run(each.name(), RunReport.Seen.nothing())
              .view()
              .ifPresent(view -> views.put(each.name(), view));
        }
      }
    } else {
      client.run(run, RunReport.Seen.nothing()).view().ifPresent(view -> views.put(run, view));
    }
    return new ClusterPicture(cluster, run, views);
  }

  List<String> lines(Console console, int width) {
    ClusterText text = new ClusterText(console, width);
    if (run.isEmpty()) {
      return text.all(cluster, views);
    }
    return cluster.runs().stream()
        .filter(each -> each.name().equals(run))
        .findFirst()
        .map(each -> text.run(each, Optional.ofNullable(views.get(run))))
        .orElse(List.of());
  }
}
