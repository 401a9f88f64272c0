package dev.troupe.actors.weights;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Who wants the weights of one version and who has them: decides from whom each node pulls.
 *
 * <p>Nodes that come before anybody has everything get a stripe each of the origin's upload and a
 * few neighbours on a ring, from whom they get the rest. Nodes that come later pull from those that
 * are done.
 */
public final class Swarm {
  /** Neighbours that a node pulls from besides the origin. */
  static final int NEIGHBOURS_MAX = 4;

  private final WeightSource origin;
  private final Map<WeightSource, Boolean> members = new LinkedHashMap<>();

  /**
   * @param origin made the weights
   * @param members want them
   */
  public Swarm(WeightSource origin, List<WeightSource> members) {
    this.origin = origin;
    members.forEach(member -> this.members.put(member, false));
  }

  /** {@code member} has everything. */
  public void has(WeightSource member) {
    members.put(member, true);
  }

  /** {@code member} is gone. */
  public void left(WeightSource member) {
    members.remove(member);
  }

  /** Nodes that have everything, the origin first. */
  public List<WeightSource> complete() {
    List<WeightSource> complete = new ArrayList<>(List.of(origin));
    members.forEach(
        (member, done) -> {
          if (done) {
            complete.add(member);
          }
        });
    return complete;
  }

  /** From whom {@code member} pulls; a member from now on. */
  public PullPlan planFor(WeightSource member) {
    boolean late = !members.containsKey(member) && !members.isEmpty();
    members.putIfAbsent(member, false);
    List<WeightSource> ring = new ArrayList<>(members.keySet());
    int rank = ring.indexOf(member);
    List<WeightSource> others = new ArrayList<>(ring.subList(rank + 1, ring.size()));
    others.addAll(ring.subList(0, rank));
    List<WeightSource> done =
        others.stream().filter(other -> members.getOrDefault(other, false)).toList();
    boolean spared = late || !done.isEmpty();
    List<WeightSource> sources = new ArrayList<>(done.subList(0, most(done)));
    others.removeAll(done);
    int neighbours = Math.min(NEIGHBOURS_MAX - sources.size(), others.size());
    sources.addAll(others.subList(0, neighbours));
    sources.add(origin);
    return spared ? new PullPlan(sources, 0, 0) : new PullPlan(sources, rank, ring.size());
  }

  private static int most(List<WeightSource> sources) {
    return Math.min(NEIGHBOURS_MAX, sources.size());
  }
}
