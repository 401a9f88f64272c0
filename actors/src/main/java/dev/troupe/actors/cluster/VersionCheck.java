package dev.troupe.actors.cluster;

import com.typesafe.config.Config;
import java.util.List;
import org.apache.pekko.cluster.ConfigValidation;
import org.apache.pekko.cluster.Invalid;
import org.apache.pekko.cluster.JoinConfigCompatChecker;
import org.apache.pekko.cluster.Valid$;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Refuses a node that speaks another version, or waits for silent nodes for another time, when it
 * wants to join. Made by Pekko.
 */
public final class VersionCheck extends JoinConfigCompatChecker {
  static final String KEY = "troupe.protocol-version";

  /** Pekko shows one side of the other's settings only these. */
  @Override
  public Seq<String> requiredKeys() {
    return CollectionConverters.asScala(List.of(KEY, LostAfter.KEY)).toSeq();
  }

  @Override
  public ConfigValidation check(Config joining, Config here) {
    if (differs(KEY, joining, here)) {
      return invalid(
          "the joining node speaks version ["
              + value(KEY, joining)
              + "] of the protocol, this cluster ["
              + value(KEY, here)
              + "]: install the same version on all nodes");
    }
    return differs(LostAfter.KEY, joining, here)
        ? invalid(
            "the joining node was started with --lost-after ["
                + value(LostAfter.KEY, joining)
                + "], this cluster with ["
                + value(LostAfter.KEY, here)
                + "]: the two sides of a partition must decide at the same time")
        : Valid$.MODULE$;
  }

  private static boolean differs(String key, Config one, Config other) {
    return !value(key, one).equals(value(key, other));
  }

  private static String value(String key, Config config) {
    return config.hasPath(key) ? config.getString(key) : "none";
  }

  private static ConfigValidation invalid(String why) {
    return new Invalid(CollectionConverters.asScala(List.of(why)).toSeq());
  }
}
