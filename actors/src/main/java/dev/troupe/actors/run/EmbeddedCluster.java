package dev.troupe.actors.run;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;

/** A cluster of one node inside this JVM, which joins itself at once. */
final class EmbeddedCluster {
  private EmbeddedCluster() {}

  /** Starts an actor system whose cluster listens as {@code options} say. Takes a second or two. */
  static <T> ActorSystem<T> start(Behavior<T> guardian, TroupeOptions options) {
    Config own =
        ConfigFactory.parseMap(
            Map.of(
                "pekko.remote.artery.canonical.hostname",
                options.host(),
                "pekko.remote.artery.canonical.port",
                options.port(),
                "pekko.actor.serialize-messages",
                options.serializeMessages() ? "on" : "off"));
    Config config =
        own.withFallback(ConfigFactory.parseResourcesAnySyntax("troupe-cluster"))
            .withFallback(ConfigFactory.defaultReference())
            .resolve();
    ActorSystem<T> system = ActorSystem.create(guardian, "troupe", config);
    Cluster cluster = Cluster.get(system);
    cluster.manager().tell(Join.create(cluster.selfMember().address()));
    return system;
  }
}
