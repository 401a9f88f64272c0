package dev.troupe.deploy.bench;

import dev.troupe.actors.plane.PlaneAddress;
import dev.troupe.actors.plane.PlaneProducer;
import dev.troupe.protocol.run.RewardSpecification;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.LoggerFactory;

/**
 * A producing process of {@link PlaneBenchmark}. It obeys its standard input, one word a line, and
 * ends when that does, as it does when its parent dies:
 *
 * <pre>
 *   pace N    makes N trajectories a second, 0 = as many as are asked for
 *   pings     answers how long pings took since this was last said, nanoseconds
 *   memory    answers the bytes that are alive on its heap
 * </pre>
 */
public final class PlaneProcess {
  private static final Duration LEASE_LIMIT = Duration.ofSeconds(60);

  private PlaneProcess() {}

  /** Begins with its name, its lanes and the size of a trajectory, then where the head is. */
  public static void main(String[] arguments) throws IOException {
    // Logging is set up before many threads want it at once.
    var _ = LoggerFactory.getILoggerFactory();
    List<String> all = Arrays.asList(arguments);
    PlaneProducer.Settings settings =
        new PlaneProducer.Settings(
            all.get(0),
            LargeRecord.ofBytes(Integer.parseInt(all.get(2))).trajectory().body(),
            Integer.parseInt(all.get(1)),
            reward(),
            LEASE_LIMIT);
    BufferedReader words =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try (PlaneProducer producer =
        PlaneProducer.join(
            PlaneAddress.of(all.subList(3, all.size())),
            settings,
            System::nanoTime,
            Thread.ofPlatform().daemon().name("plane-", 0).factory())) {
      say(producer.reference());
      for (String line = words.readLine(); line != null; line = words.readLine()) {
        obey(producer, line);
      }
    }
    System.exit(0);
  }

  private static void obey(PlaneProducer producer, String line) {
    if (line.startsWith("pace ")) {
      producer.pace(Double.parseDouble(line.substring("pace ".length())));
    } else if (line.equals("pings")) {
      say(producer.pings().stream().map(String::valueOf).collect(Collectors.joining(" ")));
    } else if (line.equals("memory")) {
      say(Long.toString(alive()));
    } else {
      throw new IllegalArgumentException("[" + line + "] is no word that a producer knows");
    }
  }

  /** Bytes on this JVM's heap after a collection. */
  static long alive() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private static void say(String line) {
    System.out.println(Child.ANSWER + line);
    System.out.flush();
  }

  private static RewardSpecification reward() {
    return new RewardSpecification(
        "exact",
        "1",
        Duration.ofSeconds(10),
        1,
        1,
        1,
        3,
        RewardSpecification.OnFailedMember.DROP_MEMBER,
        1,
        1.0,
        Duration.ZERO);
  }
}
