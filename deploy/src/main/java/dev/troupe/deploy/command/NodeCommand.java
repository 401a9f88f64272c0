package dev.troupe.deploy.command;

import dev.troupe.actors.cluster.ClusterNode;
import dev.troupe.actors.cluster.ClusterNodes;
import dev.troupe.actors.cluster.HostPort;
import dev.troupe.actors.cluster.LostAfter;
import dev.troupe.actors.cluster.NodeEnd;
import dev.troupe.actors.cluster.NodeOptions;
import dev.troupe.actors.cluster.Role;
import dev.troupe.actors.runs.LifeSign;
import dev.troupe.deploy.api.FollowedRuns;
import dev.troupe.deploy.api.NodeCard;
import dev.troupe.deploy.client.NodeGreeting;
import dev.troupe.deploy.logs.Logs;
import dev.troupe.deploy.memory.NativeHeap;
import dev.troupe.deploy.node.Addresses;
import dev.troupe.deploy.node.Joining;
import dev.troupe.deploy.node.NodeLife;
import dev.troupe.deploy.terminal.Console;
import dev.troupe.model.torch.ProcessEnd;
import dev.troupe.model.torch.TorchRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Makes this process a node of a cluster. */
@Command(
    name = "node",
    header = "Makes this process a node of a cluster, until it is asked to leave.",
    footer = {
      "%nThe first head begins the cluster; the others join it. A node uses its port for the",
      "cluster's messages, the next one for HTTP (health, /metrics, API, pages) and the one after",
      "for weights. Heads and learners share the folder --home. Ctrl-C finishes what the node",
      "holds and leaves; a second one gives it back and leaves at once.",
      "%nExamples:",
      "  ./troupe node                                               all roles: a cluster of one",
      "  ./troupe node --roles head,learner                          begin a cluster",
      "  ./troupe node --roles rollout,reward --join 127.0.0.1:7355 --bind 127.0.0.1:0",
      "  ./troupe node --roles head --bind head-2:7355 --join head-1:7355,head-2:7355 --keys keys",
      "  ./troupe node --roles rollout --devices cuda:0,cuda:1 --join head-1:7355 --bind gpu-7:7355"
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:left the cluster as it was asked to",
      "1:could not join or go on",
      "2:the options are wrong, or there is nobody to join; nothing was started",
      "75:removed by the others (it was frozen or cut off): start it again"
    })
final class NodeCommand implements Callable<Integer> {
  private final Console console;
  private final Function<NodeOptions, ClusterNode> cluster;
  @Mixin private NodeSettings settings = new NodeSettings();

  NodeCommand(Console console) {
    this(console, ClusterNodes::start);
  }

  /** Starts the cluster's node by {@code cluster}. */
  NodeCommand(Console console, Function<NodeOptions, ClusterNode> cluster) {
    this.console = console;
    this.cluster = cluster;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Clock clock = Clock.systemUTC();
    Set<Role> roles = settings.roles();
    List<HostPort> listed = settings.join();
    List<String> devices = settings.devices();
    Optional<LostAfter> lostAfter = settings.lostAfter();
    Addresses addresses = Addresses.free(settings.bind());
    String name = settings.name(addresses.cluster());
    Accesses access =
        Accesses.of(addresses.cluster().host(), roles, settings.home(), settings.keys(), clock);
    if (roles.contains(Role.HEAD)) {
      HomeCheck.check(settings.home());
    }
    Joining.Found found;
    try (NodeGreeting greeting = new NodeGreeting(access.http())) {
      found =
          new Joining(
                  addresses.cluster(),
                  roles,
                  listed,
                  greeting,
                  () -> LifeSign.in(settings.home()),
                  this::say,
                  System::nanoTime,
                  Thread::sleep)
              .resolve(settings.joinWithin());
    }
    Path scratch = Files.createDirectories(settings.scratch(name));
    FollowedRuns followed = new FollowedRuns(name, clock, System::nanoTime, this::say);
    NodeOptions options =
        new NodeOptions(
            name,
            NodeCard.thisRelease(),
            roles,
            addresses.cluster(),
            addresses.api(),
            addresses.data(),
            found.members(),
            devices,
            settings.slots(roles, devices),
            settings.home(),
            scratch,
            found.lostAfter(lostAfter),
            access.transport(),
            followed,
            clock,
            System::nanoTime,
            Thread.ofPlatform().daemon().name("troupe-io-", 0).factory(),
            CrashHook.of(System.getenv()));
    Logs.alsoAsJsonTo(options.log(), name);
    Logs.warnTo(this::say);
    if (roles.contains(Role.LEARNER) || roles.contains(Role.ROLLOUT)) {
      TorchRuntime.threads("libtorch-loader").newThread(TorchRuntime::start).start();
    }
    NodeLife life = new NodeLife(options, followed, access.http(), cluster, this::say);
    Interrupts.handle(
        () -> leave(life),
        () -> {
          say("giving back what it holds, and leaving at once");
          life.leaveNow();
        },
        () -> ProcessEnd.now(ExitCode.INTERRUPTED));
    try (NativeHeap _ = NativeHeap.keepTrimmed()) {
      return exitCode(life.live());
    }
  }

  private void leave(NodeLife life) {
    if (!life.hasStarted()) {
      ProcessEnd.now(ExitCode.INTERRUPTED);
    }
    say("finishing what it holds, then leaving; Ctrl-C again gives it back and leaves at once");
    life.leave();
  }

  private int exitCode(NodeEnd end) {
    return switch (end) {
      case NodeEnd.Left(String words) -> {
        say(words);
        yield ExitCode.DONE;
      }
      case NodeEnd.Removed(String words) -> {
        say(console.bad("removed from the cluster: ") + words);
        say(
            "What it still held has been given to others. It ends with exit code "
                + ExitCode.REMOVED
                + "; started again, it joins anew.");
        yield ExitCode.REMOVED;
      }
      case NodeEnd.Failed(String words) -> {
        say(console.bad("failed: ") + words);
        yield ExitCode.FAILED;
      }
    };
  }

  private void say(String words) {
    console.line(
        LocalTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS) + " " + words);
  }
}
