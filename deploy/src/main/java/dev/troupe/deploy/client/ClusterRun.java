package dev.troupe.deploy.client;

import dev.troupe.actors.run.RewardOrder;
import dev.troupe.deploy.watch.RunView;
import java.util.Optional;

/** A run of a cluster. */
public record ClusterRun(ClusterClient client, String name) implements ReachedRun {
  @Override
  public String tell(String verb) {
    return client.run(name, verb);
  }

  @Override
  public String reward(RewardOrder order) {
    return client.reward(name, order);
  }

  @Override
  public Optional<RunView> view() {
    return client.run(name, RunReport.Seen.nothing()).view();
  }

  @Override
  public void close() {
    client.close();
  }
}
