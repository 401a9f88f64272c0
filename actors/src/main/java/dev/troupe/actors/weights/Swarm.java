package dev.troupe.actors.weights;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Who wants the weights of one version and who has them: decides from whom each node pulls.
 *
 * <p>Nodes that share a directory are one place: one of them pulls, the others follow and map the
 * same file. Places that are there from the beginning get a stripe each of the origin's upload and
 * a few neighbours on a ring, from whom they get the rest. Places that come later pull from those
 * that are done.
 */
public final class Swarm {
  /** Neighbours that a node pulls from besides the origin. */
  static final int NEIGHBOURS_MAX = 4;

  /**
   * A node that wants or has weights.
   *
   * @param place the same for all nodes that share a directory
   */
  public record Member(WeightSource source, String place) {
    /** A node that shares its directory with nobody. */
    public static Member alone(WeightSource source) {
      return new Member(source, source.toString());
    }
  }

  private final Member origin;
  private final Map<WeightSource, Member> members = new LinkedHashMap<>();
  private final Set<WeightSource> done = new LinkedHashSet<>();
  private final List<String> ring = new ArrayList<>();

  /**
   * @param origin made the weights
   * @param first want them from the beginning
   */
  public Swarm(Member origin, List<Member> first) {
    this.origin = origin;
    first.forEach(this::enter);
    first.stream()
        .map(Member::place)
        .filter(place -> !place.equals(origin.place()))
        .distinct()
        .forEach(ring::add);
  }

  private void enter(Member member) {
    members.putIfAbsent(member.source(), member);
  }

  /** {@code member} has everything. */
  public void has(Member member) {
    enter(member);
    if (!member.place().equals(origin.place())) {
      done.add(member.source());
    }
  }

  /** {@code source} is gone. */
  public void left(WeightSource source) {
    done.remove(source);
    members.remove(source);
  }

  /** From whom {@code member} pulls; empty while another node of its place does. */
  public Optional<PullPlan> planFor(Member member) {
    enter(member);
    String place = member.place();
    if (place.equals(origin.place())) {
      return Optional.of(PullPlan.from(origin.source()));
    }
    if (!isDone(place) && !puller(place).equals(member)) {
      return Optional.empty();
    }
    if (ring.isEmpty()) {
      ring.add(place);
    }
    int rank = ring.indexOf(place);
    List<WeightSource> sources =
        Stream.concat(neighbours(place), Stream.of(origin.source())).toList();
    boolean spared = rank < 0 || !done.isEmpty();
    return Optional.of(
        spared ? new PullPlan(sources, 0, 0) : new PullPlan(sources, rank, ring.size()));
  }

  /** A node of each of a few other places: those that are done, then those that come next. */
  private Stream<WeightSource> neighbours(String place) {
    List<String> places = new ArrayList<>(ring);
    members.values().stream()
        .map(Member::place)
        .filter(other -> !other.equals(origin.place()) && !places.contains(other))
        .distinct()
        .forEach(places::add);
    int rank = Math.max(0, places.indexOf(place));
    List<String> others = new ArrayList<>(places.subList(rank + 1, places.size()));
    others.addAll(places.subList(0, rank));
    return others.stream()
        .filter(other -> members.values().stream().anyMatch(at -> at.place().equals(other)))
        .sorted(Comparator.comparing(other -> !isDone(other)))
        .limit(NEIGHBOURS_MAX)
        .map(other -> puller(other).source());
  }

  private boolean isDone(String place) {
    return members.values().stream()
        .anyMatch(member -> member.place().equals(place) && done.contains(member.source()));
  }

  /** The node of {@code place} that has the weights or is to pull them. */
  private Member puller(String place) {
    return members.values().stream()
        .filter(member -> member.place().equals(place))
        .min(Comparator.comparing(member -> !done.contains(member.source())))
        .orElse(origin);
  }
}
