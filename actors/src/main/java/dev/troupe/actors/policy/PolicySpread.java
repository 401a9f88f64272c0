package dev.troupe.actors.policy;

import dev.troupe.actors.weights.PullPlan;
import dev.troupe.actors.weights.Swarm;
import dev.troupe.actors.weights.WeightSource;
import dev.troupe.protocol.policy.PolicyManifest;
import dev.troupe.protocol.policy.PolicyVersion;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Decides how versions reach the nodes that want them: the node that made a version is asked to
 * write it only once another node wants it, then each is told where to fetch it from.
 *
 * @param <N> a node
 */
final class PolicySpread<N> {
  /** Versions that are spread at a time; nodes say again what they want. */
  private static final int VERSIONS_MAX = 16;

  /** What nodes are told. */
  interface Orders<N> {
    /** {@code node} writes {@code version} for the others. */
    void serve(N node, PolicyVersion version);

    /** {@code node} fetches a version. */
    void fetch(N node, PolicyManifest manifest, PullPlan plan);
  }

  private static final class Spread<N> {
    private final Map<N, Swarm.Member> wanting = new LinkedHashMap<>();
    private final Map<N, Swarm.Member> having = new LinkedHashMap<>();
    private final Set<N> told = new HashSet<>();
    private @Nullable N maker;
    private @Nullable PolicyManifest manifest;
    private @Nullable Swarm swarm;
  }

  private final Orders<N> orders;
  private final Map<PolicyVersion, Spread<N>> spreads = new LinkedHashMap<>();

  PolicySpread(Orders<N> orders) {
    this.orders = orders;
  }

  /** {@code node} has not got {@code version}, and wants it. */
  void wants(PolicyVersion version, N node, Swarm.Member member) {
    Spread<N> spread = spread(version);
    spread.having.remove(node);
    spread.told.remove(node);
    spread.wanting.put(node, member);
    proceed(version, spread);
  }

  /**
   * {@code node} has {@code version}.
   *
   * @param manifest if it is written and served
   */
  void has(PolicyVersion version, N node, Swarm.Member member, Optional<PolicyManifest> manifest) {
    Spread<N> spread = spread(version);
    spread.wanting.remove(node);
    if (manifest.isPresent()) {
      spread.having.put(node, member);
      spread.manifest = manifest.get();
      Swarm swarm = spread.swarm;
      if (swarm == null) {
        spread.swarm = new Swarm(origin(member), List.copyOf(spread.wanting.values()));
      } else {
        swarm.has(member);
      }
    } else {
      spread.maker = node;
    }
    proceed(version, spread);
  }

  /** {@code node} is gone. */
  void left(N node) {
    spreads.forEach(
        (version, spread) -> {
          Swarm.Member wanted = spread.wanting.remove(node);
          Swarm.Member had = spread.having.remove(node);
          Swarm swarm = spread.swarm;
          if (swarm != null && wanted != null) {
            swarm.left(wanted.source());
          }
          if (had != null) {
            swarm = restarted(spread, had, swarm);
            spread.swarm = swarm;
          }
          if (node.equals(spread.maker)) {
            spread.maker = null;
          }
          proceed(version, spread);
        });
  }

  /** Whoever has the weights takes the place of an origin that is gone. */
  private static <N> @Nullable Swarm restarted(
      Spread<N> spread, Swarm.Member gone, @Nullable Swarm swarm) {
    if (swarm == null) {
      return null;
    }
    swarm.left(gone.source());
    Optional<Swarm.Member> next = spread.having.values().stream().findFirst();
    if (next.isEmpty()) {
      spread.manifest = null;
      return null;
    }
    Swarm begun = new Swarm(origin(next.get()), List.of());
    spread.having.values().stream().skip(1).forEach(begun::has);
    return begun;
  }

  /** Only versions that {@code needed} says are needed are remembered. */
  void retain(Predicate<PolicyVersion> needed) {
    spreads.keySet().removeIf(needed.negate());
  }

  private Spread<N> spread(PolicyVersion version) {
    Spread<N> spread = spreads.computeIfAbsent(version, _ -> new Spread<>());
    while (spreads.size() > VERSIONS_MAX) {
      PolicyVersion oldest =
          spreads.keySet().stream()
              .reduce((one, other) -> VersionOrder.newer(one, other) ? other : one)
              .orElseThrow();
      spreads.remove(oldest);
    }
    return spread;
  }

  private void proceed(PolicyVersion version, Spread<N> spread) {
    PolicyManifest manifest = spread.manifest;
    Swarm swarm = spread.swarm;
    N maker = spread.maker;
    if (manifest != null && swarm != null) {
      spread.wanting.forEach(
          (node, member) -> {
            if (!spread.told.contains(node)) {
              swarm
                  .planFor(member)
                  .ifPresent(
                      plan -> {
                        spread.told.add(node);
                        orders.fetch(node, manifest, plan);
                      });
            }
          });
    } else if (maker != null && !spread.wanting.isEmpty()) {
      orders.serve(maker, version);
    }
  }

  private static Swarm.Member origin(Swarm.Member member) {
    WeightSource source = member.source();
    return new Swarm.Member(new WeightSource(source.host(), source.port(), true), member.place());
  }
}
