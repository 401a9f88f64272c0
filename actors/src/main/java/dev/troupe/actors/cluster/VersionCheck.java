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

  @Override
  public Seq<String> requiredKeys() {
    return CollectionConverters.asScala(List.of(KEY, LostAfter.KEY)).toSeq();
  }

  @Override
  public ConfigValidation check(Config joining, Config here) {
    String theirs = joining.hasPath(KEY) ? joining.getString(KEY) : "none";
    String ours = here.getString(KEY);
    if (!theirs.equals(ours)) {
      return invalid(
          "the joining node speaks version ["
              + theirs
              + "] of the protocol, this cluster ["
              + ours
              + "]: install the same version on all nodes");
    }
    LostAfter theirPatience = LostAfter.in(joining);
    LostAfter ourPatience = LostAfter.in(here);
    return theirPatience.equals(ourPatience)
        ? Valid$.MODULE$
        : invalid(
            "the joining node was started with --lost-after ["
                + theirPatience.seconds()
                + "], this cluster with ["
                + ourPatience.seconds()
                + "]: the two sides of a partition must decide at the same time");
  }

  private static ConfigValidation invalid(String why) {
    return new Invalid(CollectionConverters.asScala(List.of(why)).toSeq());
  }
}
