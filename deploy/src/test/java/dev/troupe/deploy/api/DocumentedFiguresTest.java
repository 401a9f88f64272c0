package dev.troupe.deploy.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.actors.cluster.HostPort;
import dev.troupe.actors.cluster.LostAfter;
import dev.troupe.actors.cluster.Role;
import dev.troupe.actors.cluster.RunListeners;
import dev.troupe.actors.run.Phase;
import dev.troupe.actors.run.RunDirectory;
import dev.troupe.actors.run.RunEvent;
import dev.troupe.actors.run.Stage;
import dev.troupe.deploy.recipe.Processor;
import dev.troupe.deploy.recipe.RecipeReader;
import dev.troupe.deploy.watch.PretendRun;
import dev.troupe.protocol.ledger.DropReason;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code /metrics} of an active head with a run says is what docs/operations.md names. */
final class DocumentedFiguresTest {
  private static final Path GUIDE = Path.of("..", "docs", "operations.md");

  @TempDir Path folder = Path.of("");

  @Test
  void figuresAreThoseOfTheGuideAndNoOthers() throws Exception {
    assertThat(matches("(?m)^# TYPE (troupe_\\w+) ", figures()))
        .isEqualTo(matches("`(troupe_\\w+)`", section()));
  }

  @Test
  void labelsAndDropReasonsAreNamed() throws Exception {
    String section = section();
    assertThat(matches("[{,](\\w+)=\"", figures()))
        .allSatisfy(label -> assertThat(section).contains("`" + label + "`"));
    for (DropReason reason : DropReason.values()) {
      String word = reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
      assertThat(figures()).contains("state=\"dropped-" + word + "\"");
      assertThat(section).contains("`" + word + "`");
    }
  }

  private static String section() throws Exception {
    return Files.readString(GUIDE).split("\n## Figures\n", 2)[1].split("\n## ", 2)[0];
  }

  private static Set<String> matches(String pattern, String text) {
    return Pattern.compile(pattern)
        .matcher(text)
        .results()
        .map(it -> it.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Of a head where everything that can be known is. */
  private String figures() throws Exception {
    FollowedRuns followed = new FollowedRuns("head-1", Clock.systemUTC(), () -> 0);
    Path recipe = Files.writeString(folder.resolve("sums.conf"), "");
    RunListeners.Follower follower =
        followed.follow(
            new RecipeReader(Processor.here()).read(recipe, List.of()).specification(),
            new RunDirectory(folder.resolve("sums")),
            false);
    PretendRun run = new PretendRun(follower);
    run.phase(Phase.RUNNING, Stage.REINFORCED);
    run.adjusted(41, 0.1);
    run.sample("1+1=", "2", "2", "1 digit");
    run.update(42, 1.25, 0.5);
    run.evaluation(RunEvent.Occasion.DURING, 42, 0.9);
    run.swapped();
    run.shadowed();
    run.ledger(20_480);
    run.stalled("learner", "batch 43", Duration.ofSeconds(40));
    NodeServer server =
        NodeServer.start(
            new HostPort("127.0.0.1", 0),
            NodeCard.of(
                "head-1", Set.of(Role.HEAD), new HostPort("127.0.0.1", 7355), LostAfter.DEFAULT),
            Map.of("home", folder),
            followed,
            Access.open());
    try (server;
        follower;
        HttpClient client = HttpClient.newHttpClient()) {
      server.serve(new PretendCluster(folder).with(PretendCluster.twoNodes()));
      return client
          .send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/metrics"))
                  .build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }
}
