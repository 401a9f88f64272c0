package dev.troupe.deploy.client;

import dev.troupe.actors.run.RewardOrder;
import dev.troupe.deploy.watch.RunView;
import java.util.Optional;

/** A run that takes orders, in whichever process it is. */
public interface ReachedRun extends AutoCloseable {
  /** Has it {@code pause} or {@code continue}; its words. */
  String tell(String verb);

  /** Changes who judges; its words. */
  String reward(RewardOrder order);

  /** The run as it is; empty while nobody follows it. */
  Optional<RunView> view();

  @Override
  void close();
}
