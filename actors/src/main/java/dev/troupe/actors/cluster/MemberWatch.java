package dev.troupe.actors.cluster;

import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.ClusterEvent;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Subscribe;

/** Tells a {@link MemberWatcher} what the cluster says on this node. */
final class MemberWatch {
  private MemberWatch() {}

  /** Begins with the members that are there. */
  static Behavior<ClusterEvent.ClusterDomainEvent> create(MemberWatcher watcher) {
    return Behaviors.setup(
        context -> {
          Cluster cluster = Cluster.get(context.getSystem());
          cluster
              .subscriptions()
              .tell(Subscribe.create(context.getSelf().narrow(), ClusterEvent.MemberEvent.class));
          cluster
              .subscriptions()
              .tell(
                  Subscribe.create(
                      context.getSelf().narrow(), ClusterEvent.UnreachableMember.class));
          return Behaviors.receiveMessage(
              event -> {
                tell(watcher, event);
                return Behaviors.same();
              });
        });
  }

  private static void tell(MemberWatcher watcher, ClusterEvent.ClusterDomainEvent event) {
    if (event instanceof ClusterEvent.MemberUp up) {
      watcher.up(at(up.member().address()));
    } else if (event instanceof ClusterEvent.MemberRemoved removed) {
      watcher.removed(at(removed.member().address()));
    } else if (event instanceof ClusterEvent.UnreachableMember unreachable) {
      watcher.unreachable(at(unreachable.member().address()));
    }
  }

  private static HostPort at(Address address) {
    return new HostPort(address.getHost().orElseThrow(), address.getPort().orElseThrow());
  }
}
