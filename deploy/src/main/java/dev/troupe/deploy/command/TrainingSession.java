package dev.troupe.deploy.command;

import dev.troupe.actors.journal.RunLock;
import dev.troupe.actors.run.RunDirectory;
import dev.troupe.actors.run.RunEvent;
import dev.troupe.actors.run.RunFailedException;
import dev.troupe.actors.run.RunHandle;
import dev.troupe.actors.run.RunListener;
import dev.troupe.actors.run.RunSummary;
import dev.troupe.actors.run.Troupe;
import dev.troupe.actors.run.TroupeOptions;
import dev.troupe.deploy.history.PastPoints;
import dev.troupe.deploy.logs.Logs;
import dev.troupe.deploy.memory.NativeHeap;
import dev.troupe.deploy.metrics.MetricsRecorder;
import dev.troupe.deploy.page.PageServer;
import dev.troupe.deploy.recipe.Recipe;
import dev.troupe.deploy.report.EndReport;
import dev.troupe.deploy.report.SummaryFile;
import dev.troupe.deploy.terminal.Console;
import dev.troupe.deploy.terminal.Progress;
import dev.troupe.deploy.watch.RunPicture;
import dev.troupe.protocol.run.RunSpecification;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** One run in this process: started, shown, written down, interrupted, reported. */
final class TrainingSession {
  private final Console console;
  private final Recipe recipe;
  private final RunDirectory directory;
  private final boolean resume;
  private final OptionalLong fromCheckpoint;
  private final Page page;

  /** Whether and where the live page is served; port 0 is any free one. */
  record Page(boolean served, int port) {}

  TrainingSession(
      Console console,
      Recipe recipe,
      RunDirectory directory,
      boolean resume,
      OptionalLong fromCheckpoint,
      Page page) {
    this.console = console;
    this.recipe = recipe;
    this.directory = directory;
    this.resume = resume;
    this.fromCheckpoint = fromCheckpoint;
    this.page = page;
  }

  int run() throws IOException {
    BeforeRun.check(recipe);
    // Whoever is refused shall leave no file behind; the lock itself is taken with the run.
    RunLock.acquire(directory.root(), "a process that begins").close();
    directory.create();
    if (!resume) {
      recipe.writeTo(directory.root());
    }
    Logs.alsoTo(directory.root().resolve("troupe.log"));
    Clock clock = Clock.systemUTC();
    RunSpecification specification = recipe.specification();
    console.line((resume ? "going on with " : "running ") + EndReport.here(directory.root()) + "/");
    RunPicture picture =
        new RunPicture(
            specification.name(),
            specification.sft().steps(),
            specification.stop().updates(),
            System::nanoTime);
    if (resume) {
      picture.restore(PastPoints.read(directory.metrics()));
    }
    try (MetricsRecorder metrics =
            MetricsRecorder.open(directory.metrics(), clock, ProcessHandle.current().pid());
        Progress progress = new Progress(console, picture::view);
        NativeHeap _ = NativeHeap.keepTrimmed()) {
      Logs.warnTo(progress::message);
      return follow(clock, picture, metrics, progress);
    } finally {
      Logs.warnTo(System.err::println);
    }
  }

  private int follow(Clock clock, RunPicture picture, MetricsRecorder metrics, Progress progress)
      throws IOException {
    RunHandle handle = start(clock, all(List.of(picture, metrics, progress)));
    if (resume) {
      recipe.writeTo(directory.root());
    }
    Interrupts.handle(
        () -> {
          progress.message(
              "finishing what is under way and making a checkpoint; Ctrl-C again stops at once");
          handle.drain();
        },
        () -> Runtime.getRuntime().halt(ExitCode.INTERRUPTED));
    RunSummary summary;
    try (PageServer _ = page.served() ? serve(picture, progress) : null) {
      summary = await(handle);
    }
    progress.close();
    // A run that was over already when it was resumed keeps the figures of its making.
    boolean nothingMade = summary.learningTokensPerSecond() == 0;
    if (!nothingMade || !Files.exists(directory.summary())) {
      SummaryFile.write(directory.summary(), summary);
    }
    new EndReport(console).print(summary, directory);
    if (summary.resumable()) {
      console.line("");
      console.line("Go on with: " + resumeCommand());
    }
    return summary.resumable() ? ExitCode.STOPPED : ExitCode.DONE;
  }

  /** A page that can't be served is no reason not to train. */
  private @Nullable PageServer serve(RunPicture picture, Progress progress) {
    try {
      PageServer server = PageServer.start(page.port(), picture::view);
      progress.footer("live page " + server.address());
      if (!console.live()) {
        progress.message("live page " + server.address());
      }
      return server;
    } catch (IOException e) {
      progress.message(
          console.warning(
              "no live page on port [" + page.port() + "]: " + e.getMessage() + "; try --port"));
      return null;
    }
  }

  private RunHandle start(Clock clock, RunListener listener) {
    TroupeOptions options =
        TroupeOptions.of(
                listener,
                clock,
                System::nanoTime,
                Thread.ofPlatform().daemon().name("troupe-io-", 0).factory())
            .withCrashHook(CrashHook.of(System.getenv()));
    if (fromCheckpoint.isPresent()) {
      options = options.resumingFrom(fromCheckpoint.getAsLong());
    } else if (resume) {
      options = options.resuming();
    }
    return Troupe.start(recipe.specification(), directory, options);
  }

  private RunSummary await(RunHandle handle) {
    try {
      return handle.done().toCompletableFuture().join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RunFailedException failed) {
        throw new CommandFailure(
            ExitCode.FAILED,
            failed.getMessage()
                + "\nAll it said is in "
                + EndReport.here(directory.root().resolve("troupe.log"))
                + "; go on with: "
                + resumeCommand());
      }
      throw e;
    }
  }

  private String resumeCommand() {
    return "./troupe train " + EndReport.here(directory.root()) + " --resume";
  }

  private static RunListener all(List<RunListener> listeners) {
    return (RunEvent event) -> listeners.forEach(listener -> listener.on(event));
  }
}
