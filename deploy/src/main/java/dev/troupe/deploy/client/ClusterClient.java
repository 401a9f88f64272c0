package dev.troupe.deploy.client;

import com.google.gson.JsonObject;
import dev.troupe.actors.cluster.ClusterView;
import dev.troupe.actors.cluster.HostPort;
import dev.troupe.actors.cluster.Submission;
import dev.troupe.actors.run.RewardOrder;
import dev.troupe.deploy.api.Access;
import dev.troupe.deploy.api.ClusterReader;
import dev.troupe.deploy.api.NodeCard;
import dev.troupe.deploy.api.SubmissionJson;
import dev.troupe.deploy.reward.RewardOrderJson;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Asks a cluster through any of its nodes. Who has answered once may be away for a while, because
 * another head takes over or a node is started again: then this waits, within {@link #patience},
 * and says what for; other nodes that the cluster named are asked, too.
 */
public final class ClusterClient implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final int NODES_MAX = 16;

  private final List<HostPort> named;
  private final Set<HostPort> apis = new LinkedHashSet<>();
  private final Wire wire;
  private final Duration patience;
  private final Consumer<String> waiting;
  private final LongSupplier nanos;
  private boolean met;
  private boolean triedAgain;

  /**
   * @param nodes addresses of nodes, asked in this order
   * @param patience how long to wait for a cluster that has answered before
   * @param waiting is told what is waited for, each time that it changes
   */
  public ClusterClient(
      List<HostPort> nodes,
      Access access,
      Duration patience,
      Consumer<String> waiting,
      LongSupplier nanos) {
    this.named = List.copyOf(nodes);
    this.wire = new Wire(access);
    this.patience = patience;
    this.waiting = waiting;
    this.nanos = nanos;
    nodes.forEach(node -> apis.add(Wire.api(node)));
  }

  /** The cluster at this moment. */
  public ClusterView view() {
    ClusterView view = ClusterReader.view(get("/api/cluster").json());
    for (ClusterView.Node node : view.nodes()) {
      if (node.state() == ClusterView.NodeState.UP && apis.size() < NODES_MAX) {
        apis.add(node.api());
      }
    }
    return view;
  }

  /** The run of that name, and what it looks like since what {@code before} showed. */
  public RunReport run(String name, RunReport.Seen before) {
    String path =
        "/api/runs/"
            + encoded(name)
            + "?after="
            + before.remark()
            + "&follower="
            + encoded(before.follower());
    return RunReport.read(get(path).json());
  }

  /**
   * Submits a run; the cluster's words. Where the first answer was lost, the run may be there when
   * it is submitted again: that is no refusal.
   */
  public String submit(Submission submission) {
    return doneOnce(
        "/api/runs",
        HttpRequest.BodyPublishers.ofString(SubmissionJson.write(submission)),
        run -> run.name().equals(submission.name()),
        "run [" + submission.name() + "] is submitted");
  }

  /** Whether the cluster has the file with that SHA-256. */
  public boolean has(String hash) {
    return ask(
            "/api/files/" + hash,
            builder -> builder.method("HEAD", HttpRequest.BodyPublishers.noBody()))
        .isFine();
  }

  /** Gives the cluster a file. */
  public void upload(String hash, Path file) {
    try {
      HttpRequest.BodyPublisher body = HttpRequest.BodyPublishers.ofFile(file);
      Duration limit = Duration.ofMinutes(1).plusMillis(body.contentLength() / 1_000);
      fine(
          ask(
              "/api/files/" + hash,
              builder -> builder.timeout(limit).expectContinue(true).PUT(body)));
    } catch (FileNotFoundException e) {
      throw new UncheckedIOException("reading [" + file + "]", e);
    }
  }

  /**
   * Has a run pause, continue or stop; its words. Where the first answer was lost, the run may have
   * stopped by now.
   */
  public String run(String name, String verb) {
    return doneOnce(
        "/api/runs/" + encoded(name) + "/" + verb,
        HttpRequest.BodyPublishers.noBody(),
        run ->
            run.name().equals(name)
                && run.state() == ClusterView.RunState.STOPPED
                && verb.equals("stop"),
        "run [" + name + "] has stopped");
  }

  /** Changes who judges in a run; its words. */
  public String reward(String name, RewardOrder order) {
    return done(
        "/api/runs/" + encoded(name) + "/reward",
        HttpRequest.BodyPublishers.ofString(RewardOrderJson.write(order)));
  }

  /** Has a node leave; its words. */
  public String drain(String node, boolean now) {
    return done(
        "/api/nodes/" + encoded(node) + "/drain?now=" + now, HttpRequest.BodyPublishers.noBody());
  }

  /** The last lines of a node's log. */
  public String log(String node, int lines) {
    Reply reply = get("/api/nodes/" + encoded(node) + "/log?lines=" + lines);
    return reply.json().get("done").getAsString();
  }

  /** Address of a run's live page, at the node that answered last. */
  public String page(String run) {
    HostPort api = apis.iterator().next();
    return wire.request(api, "/runs/" + encoded(run) + "/").build().uri().toString();
  }

  private Reply get(String path) {
    return fine(ask(path, HttpRequest.Builder::GET));
  }

  private String done(String path, HttpRequest.BodyPublisher body) {
    JsonObject json = fine(ask(path, builder -> builder.POST(body))).json();
    return json.get("done").getAsString();
  }

  /**
   * The cluster's words, or {@code words} where it refuses what was asked twice, because an answer
   * was lost, and shows that it was {@code done} at the first time.
   */
  private String doneOnce(
      String path, HttpRequest.BodyPublisher body, Predicate<ClusterView.Run> done, String words) {
    try {
      return done(path, body);
    } catch (ClusterException e) {
      if (e.kind() == ClusterException.Kind.REFUSED
          && triedAgain
          && view().runs().stream().anyMatch(done)) {
        return words;
      }
      throw e;
    }
  }

  private static Reply fine(Reply reply) {
    if (!reply.isFine()) {
      throw new ClusterException(ClusterException.Kind.REFUSED, reply.words());
    }
    return reply;
  }

  /** The first answer that isn't for later. */
  private Reply ask(String path, UnaryOperator<HttpRequest.Builder> how) {
    long begun = nanos.getAsLong();
    String said = "";
    triedAgain = false;
    while (true) {
      Attempt attempt = round(path, how);
      if (attempt.reply != null) {
        return attempt.reply;
      }
      Duration waited = Duration.ofNanos(nanos.getAsLong() - begun);
      if (!met || waited.compareTo(patience) >= 0) {
        throw unreachable(attempt.why, waited);
      }
      triedAgain = true;
      if (!said.equals(attempt.why)) {
        said = attempt.why;
        waiting.accept(
            "waiting for the cluster, at most "
                + patience.minus(waited).toSeconds()
                + " s: "
                + attempt.why);
      }
      try {
        Thread.sleep(PAUSE);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new ClusterException(ClusterException.Kind.UNREACHABLE, "interrupted");
      }
    }
  }

  /** What came of asking every node once. */
  private record Attempt(@Nullable Reply reply, String why) {}

  private Attempt round(String path, UnaryOperator<HttpRequest.Builder> how) {
    List<String> why = new ArrayList<>();
    for (HostPort api : List.copyOf(apis)) {
      try {
        if (!met) {
          NodeCard _ = wire.card(api);
          met = true;
        }
        Reply reply = wire.send(how.apply(wire.request(api, path)).build());
        if (!reply.isForLater()) {
          prefer(api);
          return new Attempt(reply, "");
        }
        why.add(reply.words());
      } catch (IOException e) {
        why.add("[" + api + "]: " + Wire.why(e, met));
      }
    }
    return new Attempt(null, String.join("; ", new LinkedHashSet<>(why)));
  }

  /** Who answered is asked first from now on. */
  private void prefer(HostPort api) {
    if (!apis.iterator().next().equals(api)) {
      List<HostPort> others = new ArrayList<>(apis);
      apis.clear();
      apis.add(api);
      apis.addAll(others);
    }
  }

  private ClusterException unreachable(String why, Duration waited) {
    String nodes = named.stream().map(HostPort::toString).reduce((a, b) -> a + "," + b).orElse("");
    String after = waited.toSeconds() < 2 ? "" : " for " + waited.toSeconds() + " s";
    return new ClusterException(
        ClusterException.Kind.UNREACHABLE,
        "no cluster at ["
            + nodes
            + "]"
            + after
            + " ("
            + why
            + "). Is a node running there, and its HTTP port (one above) open? --to HOST:PORT or"
            + " TROUPE_CLUSTER names another; ./troupe node --roles head,learner,rollout,reward"
            + " starts one here");
  }

  private static String encoded(String part) {
    return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
  }

  @Override
  public void close() {
    wire.close();
  }
}
