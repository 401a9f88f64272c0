package dev.troupe.deploy.api;

import dev.troupe.actors.cluster.RunListeners;
import dev.troupe.actors.run.RunDirectory;
import dev.troupe.protocol.run.RunSpecification;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** The runs whose singletons live in this process, or lived here lately. */
public final class FollowedRuns implements RunListeners {
  private static final int KEPT_MAX = 32;

  private final String node;
  private final Clock clock;
  private final LongSupplier nanos;
  private final Consumer<String> say;
  private final Map<String, FollowedRun> runs = new LinkedHashMap<>();
  private long made;

  /** On the node of that name, which shows nothing of them. */
  public FollowedRuns(String node, Clock clock, LongSupplier nanos) {
    this(node, clock, nanos, _ -> {});
  }

  /**
   * On the node of that name.
   *
   * @param say shows a line to people at this node
   */
  public FollowedRuns(String node, Clock clock, LongSupplier nanos, Consumer<String> say) {
    this.say = say;
    this.node = node;
    this.clock = clock;
    this.nanos = nanos;
  }

  @Override
  public Follower follow(RunSpecification specification, RunDirectory directory, boolean resumed) {
    synchronized (runs) {
      String id = node + "/" + clock.millis() + "/" + ++made;
      FollowedRun run = new FollowedRun(id, specification, directory.create(), clock, nanos, say);
      say.accept(
          "run ["
              + specification.name()
              + "] "
              + (resumed ? "goes on" : "begins")
              + " here, in "
              + directory.root());
      runs.remove(specification.name());
      runs.put(specification.name(), run);
      forget();
      return run;
    }
  }

  private void forget() {
    List<String> past = new ArrayList<>();
    runs.forEach(
        (name, run) -> {
          if (!run.isFollowing()) {
            past.add(name);
          }
        });
    past.stream().limit(Math.max(0, past.size() - KEPT_MAX)).forEach(runs::remove);
  }

  Optional<FollowedRun> of(String name) {
    synchronized (runs) {
      return Optional.ofNullable(runs.get(name));
    }
  }

  /** Those whose singletons are here now. */
  List<FollowedRun> here() {
    synchronized (runs) {
      return runs.values().stream().filter(FollowedRun::isFollowing).toList();
    }
  }
}
