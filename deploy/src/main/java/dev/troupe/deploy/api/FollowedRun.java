package dev.troupe.deploy.api;

import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import dev.troupe.actors.cluster.RunListeners;
import dev.troupe.actors.run.Phase;
import dev.troupe.actors.run.RunDirectory;
import dev.troupe.actors.run.RunEvent;
import dev.troupe.actors.run.RunSummary;
import dev.troupe.actors.run.StopConditions;
import dev.troupe.deploy.history.FailureFile;
import dev.troupe.deploy.history.PastPoints;
import dev.troupe.deploy.metrics.Exposition;
import dev.troupe.deploy.metrics.MetricsRecorder;
import dev.troupe.deploy.metrics.RunTimes;
import dev.troupe.deploy.page.RunFamilies;
import dev.troupe.deploy.page.RunPage;
import dev.troupe.deploy.page.ViewJson;
import dev.troupe.deploy.report.EndReport;
import dev.troupe.deploy.report.Summary;
import dev.troupe.deploy.report.SummaryFile;
import dev.troupe.deploy.terminal.Console;
import dev.troupe.deploy.terminal.Remark;
import dev.troupe.deploy.watch.Measure;
import dev.troupe.deploy.watch.RunPicture;
import dev.troupe.deploy.watch.RunView;
import dev.troupe.protocol.run.RunSpecification;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * What is known here of one run whose singletons live here: its picture, its figures on disk, what
 * was worth a line, and in the end its report.
 */
final class FollowedRun implements RunListeners.Follower {
  private static final int REMARKS_MAX = 500;

  /** A remark and its number, from 1 on. */
  private record Numbered(long number, Remark remark) {}

  private final String id;
  private final RunDirectory directory;
  private final Clock clock;
  private final RunSpecification specification;
  private final Measure measure;
  private final RunPicture picture;
  private final RunPage page;
  private final RunLog log;
  private final Consumer<String> say;
  private final MetricsRecorder metrics;
  private final RunTimes times;
  private final Deque<Numbered> remarks = new ArrayDeque<>();
  private long remarked;
  private List<String> report = List.of();
  private boolean resumable;
  private boolean over;
  private boolean closed;

  /**
   * @param id tells apart the followers of one run, whose remarks are numbered anew
   * @param say shows a line to people at this node
   */
  FollowedRun(
      String id,
      RunSpecification specification,
      RunDirectory directory,
      Clock clock,
      LongSupplier nanos,
      Consumer<String> say) {
    this.id = id;
    this.log = new RunLog(specification.name());
    this.say = words -> say.accept("run [" + specification.name() + "]: " + words);
    this.directory = directory;
    this.clock = clock;
    this.specification = specification;
    this.measure = Measure.of(specification);
    this.picture = RunPicture.of(specification, nanos);
    this.page = new RunPage(picture::view);
    this.times = new RunTimes(nanos);
    try {
      FailureFile.clear(directory.root());
      picture.restore(PastPoints.read(directory.metrics()), StopConditions.seconds(directory));
      this.metrics =
          MetricsRecorder.open(directory.metrics(), clock, ProcessHandle.current().pid(), measure);
    } catch (IOException e) {
      throw new UncheckedIOException("opening [" + directory.metrics() + "]", e);
    }
  }

  @Override
  public synchronized void on(RunEvent event) {
    if (closed) {
      return;
    }
    picture.on(event);
    metrics.on(event);
    noteFailure(event);
    times.on(event);
    Optional<Remark> remark = Remark.of(event, picture::view);
    log.write(event, remark);
    remark.ifPresent(this::remember);
  }

  /** For {@code status} by the run's files, wherever the head has gone. */
  private void noteFailure(RunEvent event) {
    if (event instanceof RunEvent.PhaseChanged(Phase phase, _, String why)
        && phase == Phase.FAILED) {
      try {
        FailureFile.write(directory.root(), new FailureFile.Failure(clock.instant(), why));
      } catch (IOException e) {
        log.write("failure.json can't be written: " + e.getMessage());
      }
    }
  }

  private void remember(Remark remark) {
    remarks.addLast(new Numbered(++remarked, remark));
    if (remarks.size() > REMARKS_MAX) {
      remarks.removeFirst();
    }
    switch (remark.kind()) {
      case ROUTINE -> {}
      case NEWS, WARNING -> say.accept(remark.text());
    }
  }

  @Override
  public synchronized void ended(RunSummary of) {
    Summary summary = Summary.of(of, measure);
    report = report(summary);
    resumable = summary.resumable();
    over = true;
    log.write("ended: " + summary.ended());
    try {
      SummaryFile.write(directory.summary(), summary);
    } catch (IOException e) {
      throw new UncheckedIOException("writing [" + directory.summary() + "]", e);
    }
  }

  private List<String> report(Summary summary) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, false, StandardCharsets.UTF_8);
    new EndReport(new Console(out, out, false, false), Path::toString)
        .print(summary, directory, specification);
    out.flush();
    return bytes.toString(StandardCharsets.UTF_8).lines().toList();
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      metrics.close();
    }
  }

  RunView view() {
    return picture.view();
  }

  /** Adds its figures. */
  void add(Exposition to) {
    RunView view = picture.view();
    RunFamilies.add(to, view);
    times.add(to, view.name());
  }

  RunPage page() {
    return page;
  }

  /** Whether the run's singletons are here. */
  synchronized boolean isFollowing() {
    return !closed;
  }

  /**
   * What a client needs to show the run as if it were its own.
   *
   * @param follower whose remarks the client has
   * @param after number of the last one that it has
   */
  synchronized JsonObject json(String follower, long after) {
    JsonObject json = new JsonObject();
    json.addProperty("follower", id);
    RunView view = picture.view();
    json.add("view", ViewJson.of(view, view.history().size(), false));
    JsonArray lines = new JsonArray();
    long seen = follower.equals(id) ? after : 0;
    for (Numbered numbered : remarks) {
      if (numbered.number() > seen) {
        JsonObject line = new JsonObject();
        line.addProperty("number", numbered.number());
        line.addProperty("kind", numbered.remark().kind().name().toLowerCase(Locale.ROOT));
        line.addProperty("text", numbered.remark().text());
        lines.add(line);
      }
    }
    json.add("remarks", lines);
    if (over) {
      JsonArray reported = new JsonArray();
      report.forEach(reported::add);
      json.add("report", reported);
      json.addProperty("resumable", resumable);
    } else {
      json.add("report", JsonNull.INSTANCE);
    }
    return json;
  }
}
