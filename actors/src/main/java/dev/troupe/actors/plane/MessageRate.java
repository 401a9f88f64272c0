package dev.troupe.actors.plane;

import dev.troupe.actors.cluster.HostPort;
import dev.troupe.actors.cluster.Role;
import dev.troupe.actors.reward.RewardActor;
import dev.troupe.actors.rollout.RolloutActor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * How many small messages pass from this node to another, and how soon asks are answered: pings,
 * which hold one reference to an actor, through the serializer and the connections of every node.
 */
public final class MessageRate implements AutoCloseable {
  /** Under way at a time, so that no queue of a connection overflows. */
  private static final int CREDITS = 8 * MessagePeer.PER_RECEIPT;

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private record Parts(ActorSystem<?> actors, ActorRef<RolloutActor.Command> receipts) {}

  /**
   * Asks that were answered.
   *
   * @param perSecond all askers together
   * @param medianMillis there and back
   * @param lateMillis within which 99 of 100 were answered
   */
  public record Asks(double perSecond, double medianMillis, double lateMillis) {}

  private final HostPort address;
  private final LongSupplier nanos;
  private final Semaphore credits = new Semaphore(CREDITS);
  private final AtomicLong received = new AtomicLong();
  private final PlaneSystem<Parts> system;

  private MessageRate(HostPort address, LongSupplier nanos) {
    this.address = address;
    this.nanos = nanos;
    this.system =
        PlaneSystem.start(
            address,
            List.of(address),
            Set.of(Role.HEAD),
            context -> new Parts(context.getSystem(), context.spawn(receipts(), "receipts")));
  }

  /** Begins a cluster at {@code address}, which is free. */
  public static MessageRate start(HostPort address, LongSupplier nanos) {
    return new MessageRate(address, nanos);
  }

  private Behavior<RolloutActor.Command> receipts() {
    return Behaviors.receiveMessage(
        command -> {
          if (command instanceof RolloutActor.Pong) {
            received.addAndGet(MessagePeer.PER_RECEIPT);
            credits.release(MessagePeer.PER_RECEIPT);
          }
          return Behaviors.same();
        });
  }

  /** Where a {@link MessagePeer} joins. */
  public HostPort address() {
    return address;
  }

  /**
   * Messages a second to the counter of {@code peer}, one after the other without an answer each.
   *
   * @throws TimeoutException if they don't arrive
   */
  public double oneWay(List<String> peer, Duration time)
      throws TimeoutException, InterruptedException {
    ActorRef<RewardActor.Command> counter = system.ref(peer.get(1));
    RewardActor.Ping ping = new RewardActor.Ping(system.parts().receipts());
    long before = received.get();
    long begun = nanos.getAsLong();
    while (nanos.getAsLong() - begun < time.toNanos()) {
      if (!credits.tryAcquire(MessagePeer.PER_RECEIPT, PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new TimeoutException(
            "no receipt of messages to [" + peer.get(1) + "] in " + PATIENCE.toSeconds() + " s");
      }
      for (int i = 0; i < MessagePeer.PER_RECEIPT; i++) {
        counter.tell(ping);
      }
    }
    return 1e9 * (received.get() - before) / (nanos.getAsLong() - begun);
  }

  /** Asks the echo of {@code peer}, {@code askers} at a time. */
  public Asks asks(List<String> peer, int askers, Duration time) {
    ActorRef<RewardActor.Command> echo = system.ref(peer.get(0));
    long begun = nanos.getAsLong();
    List<CompletableFuture<List<Long>>> under = new ArrayList<>();
    for (int i = 0; i < askers; i++) {
      CompletableFuture<List<Long>> done = new CompletableFuture<>();
      ask(echo, begun + time.toNanos(), new ArrayList<>(), done);
      under.add(done);
    }
    List<Long> took = new ArrayList<>();
    under.forEach(done -> took.addAll(done.join()));
    double seconds = (nanos.getAsLong() - begun) / 1e9;
    Collections.sort(took);
    return new Asks(took.size() / seconds, at(took, 0.5), at(took, 0.99));
  }

  private void ask(
      ActorRef<RewardActor.Command> echo,
      long end,
      List<Long> took,
      CompletableFuture<List<Long>> done) {
    long asked = nanos.getAsLong();
    CompletionStage<RolloutActor.Command> answer =
        AskPattern.ask(echo, RewardActor.Ping::new, PATIENCE, system.parts().actors().scheduler());
    answer.whenComplete(
        (_, failure) -> {
          long now = nanos.getAsLong();
          took.add(now - asked);
          if (failure != null) {
            done.completeExceptionally(failure);
          } else if (now < end) {
            ask(echo, end, took, done);
          } else {
            done.complete(took);
          }
        });
  }

  private static double at(List<Long> sorted, double share) {
    return sorted.isEmpty() ? Double.NaN : sorted.get((int) (sorted.size() * share)) / 1e6;
  }

  @Override
  public void close() {
    system.close();
  }
}
