package dev.troupe.deploy.api;

import com.google.gson.JsonObject;
import dev.troupe.actors.cluster.Answer;
import dev.troupe.actors.cluster.ClusterView;
import dev.troupe.actors.cluster.Runs;
import dev.troupe.actors.cluster.Submission;
import dev.troupe.actors.run.RewardOrder;
import dev.troupe.actors.run.RunDirectory;
import dev.troupe.actors.weights.FileShelf;
import dev.troupe.deploy.history.RunState;
import dev.troupe.deploy.recipe.KeptWeights;
import dev.troupe.deploy.recipe.RecipeException;
import dev.troupe.deploy.recipe.ResumeRules;
import dev.troupe.deploy.reward.RewardOrderJson;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/**
 * What the active head answers.
 *
 * <pre>
 * GET  /api/cluster                                       nodes and runs
 * GET  /api/runs                                          runs
 * POST /api/runs                                          submit one
 * GET  /api/runs/NAME?follower=ID&amp;after=N                 one, and what it looks like
 * POST /api/runs/NAME/pause|continue|stop
 * POST /api/runs/NAME/reward                              change who judges
 * POST /api/nodes/NAME/drain?now=true
 * GET  /api/nodes/NAME/log?lines=N
 * PUT, GET, HEAD /api/files/SHA256
 * GET  /runs/NAME/                                        its live page
 * </pre>
 */
final class RunRoutes {
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(20);
  private static final int SUBMISSION_BYTES_MAX = 4 << 20;
  private static final int LOG_LINES = 200;
  private static final int LOG_LINES_MAX = 10_000;

  private final FollowedRuns followed;
  private final FileRoutes files = new FileRoutes(FileShelf.BYTES_MAX);

  RunRoutes(FollowedRuns followed) {
    this.followed = followed;
  }

  /** Answers, with {@code runs} of this process. */
  void handle(Request request, Runs runs) throws IOException {
    List<String> path = request.segments();
    String first = path.getFirst();
    if (first.equals("runs")) {
      page(request, path, runs);
      return;
    }
    if (!first.equals("api") || path.size() < 2) {
      throw nothing(request);
    }
    switch (path.get(1)) {
      case "cluster" -> {
        request.only("GET");
        request.json(200, ClusterJson.of(view(runs)));
      }
      case "runs" -> runs(request, path, runs);
      case "nodes" -> node(request, path, runs);
      case "files" -> {
        if (path.size() != 3) {
          throw nothing(request);
        }
        files.handle(request, path.get(2), runs.files());
      }
      default -> throw nothing(request);
    }
  }

  private static ClusterView view(Runs runs) {
    return Awaited.of(runs.view(), ANSWER_WITHIN);
  }

  private void runs(Request request, List<String> path, Runs runs) throws IOException {
    switch (path.size()) {
      case 2 -> {
        request.only("GET", "POST");
        if (request.method().equals("POST")) {
          Submission asked = SubmissionJson.read(request.body(SUBMISSION_BYTES_MAX));
          Optional<RunDirectory> before = before(asked, runs);
          Submission submission =
              before.isPresent() ? KeptWeights.of(asked, before.get().root()) : asked;
          Optional<String> changed =
              before.isPresent() ? changed(submission, before.get()) : Optional.empty();
          answer(
              request,
              changed.isPresent()
                  ? CompletableFuture.completedFuture(new Answer.Refused(changed.get()))
                  : runs.submit(submission));
        } else {
          JsonObject json = new JsonObject();
          json.add("runs", ClusterJson.runs(view(runs).runs()));
          request.json(200, json);
        }
      }
      case 3 -> run(request, path.get(2), runs);
      case 4 -> {
        request.only("POST");
        String name = path.get(2);
        switch (path.get(3)) {
          case "pause" -> answer(request, runs.pause(name));
          case "continue" -> answer(request, runs.goOn(name));
          case "stop" -> answer(request, runs.stop(name));
          case "reward" -> answer(request, runs.reward(name, order(request)));
          default -> throw nothing(request);
        }
      }
      default -> throw nothing(request);
    }
  }

  private static RewardOrder order(Request request) throws IOException {
    try {
      return RewardOrderJson.read(request.body(SUBMISSION_BYTES_MAX));
    } catch (IllegalArgumentException e) {
      throw new HttpProblem(HttpProblem.BAD_REQUEST, String.valueOf(e.getMessage()));
    }
  }

  /** Where the run is that is to go on. */
  private static Optional<RunDirectory> before(Submission submission, Runs runs) {
    String name = submission.name();
    boolean known = view(runs).runs().stream().anyMatch(run -> run.name().equals(name));
    return submission.resume() && known
        ? Optional.of(new RunDirectory(runs.home().resolve(name)))
            .filter(directory -> Files.exists(directory.recipe()))
        : Optional.empty();
  }

  /** What it must not have changed. */
  private static Optional<String> changed(Submission submission, RunDirectory directory)
      throws IOException {
    try {
      ResumeRules.check(
          directory.root(),
          submission.recipe(),
          () -> RunState.read(directory, submission.specification()).trainedBatches());
      return Optional.empty();
    } catch (RecipeException e) {
      return Optional.ofNullable(e.getMessage());
    }
  }

  private void run(Request request, String name, Runs runs) throws IOException {
    request.only("GET");
    List<ClusterView.Run> all = view(runs).runs();
    ClusterView.Run run =
        all.stream()
            .filter(it -> it.name().equals(name))
            .findFirst()
            .orElseThrow(() -> unknown(name, all));
    JsonObject json = new JsonObject();
    json.add("run", ClusterJson.of(run));
    followed
        .of(name)
        .ifPresent(
            it ->
                json.add(
                    "followed",
                    it.json(request.query("follower").orElse(""), request.number("after", 0))));
    request.json(200, json);
  }

  private static HttpProblem unknown(String name, List<ClusterView.Run> all) {
    String known = all.stream().map(ClusterView.Run::name).collect(Collectors.joining(", "));
    return new HttpProblem(
        HttpProblem.NOT_FOUND,
        "there is no run ["
            + name
            + "]; "
            + (known.isEmpty() ? "nothing was submitted yet" : "there are " + known));
  }

  private static void node(Request request, List<String> path, Runs runs) throws IOException {
    if (path.size() != 4) {
      throw nothing(request);
    }
    String name = path.get(2);
    switch (path.get(3)) {
      case "drain" -> {
        request.only("POST");
        boolean now = request.query("now").map(Boolean::parseBoolean).orElse(false);
        answer(request, runs.drain(name, now));
      }
      case "log" -> {
        request.only("GET");
        long lines = request.number("lines", LOG_LINES);
        if (lines < 1 || lines > LOG_LINES_MAX) {
          throw new HttpProblem(
              HttpProblem.BAD_REQUEST,
              "lines: got [" + lines + "], expected 1 to " + LOG_LINES_MAX);
        }
        answer(request, runs.log(name, (int) lines));
      }
      default -> throw nothing(request);
    }
  }

  private void page(Request request, List<String> path, Runs runs) throws IOException {
    request.only("GET");
    if (path.size() < 2 || path.get(1).isEmpty()) {
      request.reply(200, "text/html; charset=utf-8", RunList.html(view(runs).runs()));
      return;
    }
    String name = path.get(1);
    if (path.size() == 2) {
      request.exchange().getResponseHeaders().set("Location", request.path() + "/");
      request.text(302, "");
      return;
    }
    Optional<FollowedRun> run = followed.of(name);
    if (run.isEmpty()) {
      throw new HttpProblem(
          HttpProblem.NOT_FOUND, "run [" + name + "] has no page: it isn't active");
    }
    String within = "/" + String.join("/", path.subList(2, path.size()));
    run.get().page().handle(request.exchange(), within);
  }

  private static void answer(Request request, CompletionStage<Answer> stage) throws IOException {
    JsonObject json = new JsonObject();
    switch (Awaited.of(stage, ANSWER_WITHIN)) {
      case Answer.Done(String words) -> {
        json.addProperty("done", words);
        request.json(200, json);
      }
      case Answer.Refused(String words) -> throw new HttpProblem(HttpProblem.CONFLICT, words);
    }
  }

  static HttpProblem nothing(Request request) {
    return new HttpProblem(HttpProblem.NOT_FOUND, "there is nothing at [" + request.path() + "]");
  }
}
