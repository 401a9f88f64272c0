package dev.troupe.deploy.node;

import dev.troupe.actors.cluster.HostPort;
import dev.troupe.actors.cluster.LostAfter;
import dev.troupe.actors.cluster.Role;
import dev.troupe.actors.runs.LifeSign;
import dev.troupe.deploy.api.NodeCard;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Whom a node joins. Before the actor system starts it asks the HTTP servers of the addresses it
 * was given, so that a wrong address, one where nobody answers, something else than Troupe or
 * another protocol version is refused in words.
 *
 * <p>A head whose own address stands first in the list begins the cluster when nobody of the list
 * is in one: so all heads can be started, and started again, with the same list. It doesn't where
 * another head shows signs of life in the directory that heads share: then it is this one that is
 * cut off.
 */
public final class Joining {
  private static final Duration ALONE_AFTER = LifeSign.SILENCE;
  private static final Duration ASK_EVERY = Duration.ofSeconds(1);

  /** Asks a node who it is. */
  public interface Greeter {
    /**
     * @throws java.io.IOException where nobody answers; its message says why
     * @throws RuntimeException where what answers can't be joined
     */
    NodeCard greet(HostPort node) throws java.io.IOException;
  }

  /**
   * The cluster that a node joins.
   *
   * @param members addresses of nodes that are in it; none = this node begins it
   * @param lostAfter how long it waits for a silent node; empty without members
   */
  public record Found(List<HostPort> members, Optional<LostAfter> lostAfter) {
    static final Found NONE = new Found(List.of(), Optional.empty());

    public Found {
      members = List.copyOf(members);
    }

    /**
     * What this node does: as the cluster, which can't have two ways.
     *
     * @param asked for by whoever starts this node; empty = as the others
     * @throws NodeRefusedException if others do it otherwise
     */
    public LostAfter lostAfter(Optional<LostAfter> asked) {
      if (lostAfter.isPresent() && asked.isPresent() && !asked.equals(lostAfter)) {
        throw new NodeRefusedException(
            "--lost-after: got ["
                + asked.get().seconds()
                + "], but the cluster at "
                + members
                + " was begun with ["
                + lostAfter.get().seconds()
                + "], and all of its nodes have to agree: leave the option away");
      }
      return lostAfter.or(() -> asked).orElse(LostAfter.DEFAULT);
    }
  }

  /** Lets time go by. */
  public interface Pause {
    void of(Duration time) throws InterruptedException;
  }

  private final HostPort own;
  private final Set<Role> roles;
  private final List<HostPort> listed;
  private final Greeter greeter;
  private final Supplier<Optional<LifeSign>> signs;
  private final Consumer<String> say;
  private final LongSupplier nanos;
  private final Pause pause;

  /**
   * @param own this node's address
   * @param listed the addresses to join through, perhaps this node's among them
   * @param signs the active head's last sign of life in the directory that heads share
   */
  public Joining(
      HostPort own,
      Set<Role> roles,
      List<HostPort> listed,
      Greeter greeter,
      Supplier<Optional<LifeSign>> signs,
      Consumer<String> say,
      LongSupplier nanos,
      Pause pause) {
    this.own = own;
    this.roles = Set.copyOf(roles);
    this.listed = List.copyOf(listed);
    this.greeter = greeter;
    this.signs = signs;
    this.say = say;
    this.nanos = nanos;
    this.pause = pause;
  }

  /**
   * The cluster to join.
   *
   * @param limit how long to wait for somebody to answer
   * @throws NodeRefusedException where nobody did
   */
  public Found resolve(Duration limit) throws InterruptedException {
    List<HostPort> others = listed.stream().filter(address -> !address.equals(own)).toList();
    boolean head = roles.contains(Role.HEAD);
    if (others.isEmpty() && !head) {
      throw new NodeRefusedException(
          "roles "
              + roles.stream().sorted().map(Role::text).toList()
              + " and nobody else to join: only a head begins a cluster. --join HOST:PORT names"
              + " a node that is there");
    }
    boolean first = head && (others.isEmpty() || listed.getFirst().equals(own));
    Optional<LifeSign> before = first ? anothersSign() : Optional.empty();
    if (others.isEmpty() && before.isEmpty()) {
      return Found.NONE;
    }
    long begun = nanos.getAsLong();
    String said = "";
    while (true) {
      Map<HostPort, String> why = new LinkedHashMap<>();
      List<NodeCard> found = ask(others, why);
      if (!found.isEmpty()) {
        // Messages go to the address that a node itself goes by.
        return new Found(
            found.stream().map(NodeCard::address).toList(),
            Optional.of(found.getFirst().lostAfter()));
      }
      Duration waited = Duration.ofNanos(nanos.getAsLong() - begun);
      Optional<LifeSign> now = first ? anothersSign() : Optional.empty();
      boolean alone = first && now.equals(before);
      if (alone && waited.compareTo(ALONE_AFTER) >= 0) {
        if (!others.isEmpty()) {
          say.accept("nobody of " + others + " is in a cluster: this node begins it");
        }
        return Found.NONE;
      }
      if (!alone && waited.compareTo(limit) >= 0) {
        throw now.map(sign -> unreachable(sign, why)).orElseGet(() -> nobody(why, waited));
      }
      String words = waitingFor(before, why);
      if (!words.equals(said)) {
        said = words;
        say.accept(words);
      }
      pause.of(ASK_EVERY);
    }
  }

  /** Our own last sign says nothing: who left it is gone, for its port is free. */
  private Optional<LifeSign> anothersSign() {
    return signs.get().filter(sign -> !sign.address().equals(own));
  }

  private static String waitingFor(Optional<LifeSign> sign, Map<HostPort, String> why) {
    return why.isEmpty()
        ? "looking whether head "
            + sign.map(there -> "[" + there.node() + "] at " + there.address()).orElse("")
            + ", which used this --home directory last, is still there"
        : "waiting for a node to join through: " + described(why);
  }

  private static NodeRefusedException unreachable(LifeSign sign, Map<HostPort, String> why) {
    return new NodeRefusedException(
        "head ["
            + sign.node()
            + "] at "
            + sign.address()
            + " works on this --home directory, in a cluster that this node isn't in: --join "
            + sign.address()
            + " joins it"
            + (why.isEmpty() ? "" : "; of those to join " + described(why))
            + ". If that head can't be reached, mend the network first; another --home begins a"
            + " cluster of its own");
  }

  private List<NodeCard> ask(List<HostPort> others, Map<HostPort, String> why) {
    List<NodeCard> found = new ArrayList<>();
    for (HostPort other : others) {
      try {
        NodeCard card = greeter.greet(other);
        if (card.up() && !card.address().equals(own)) {
          found.add(card);
        } else {
          why.put(other, "[" + card.name() + "] is not in a cluster yet");
        }
      } catch (java.io.IOException e) {
        why.put(other, String.valueOf(e.getMessage()));
      }
    }
    return found;
  }

  private static NodeRefusedException nobody(Map<HostPort, String> why, Duration waited) {
    return new NodeRefusedException(
        "nobody to join within "
            + waited.toSeconds()
            + " s: "
            + described(why).replaceFirst("[.?]$", "")
            + ". Is a head running there, and are its port and the next two open? Start one with"
            + " ./troupe node --roles head,learner, or wait longer with --join-within SECONDS");
  }

  private static String described(Map<HostPort, String> why) {
    List<String> words = new ArrayList<>();
    why.forEach((node, reason) -> words.add(node + ": " + reason));
    return String.join("; ", words);
  }
}
