package dev.troupe.deploy.command;

import dev.troupe.actors.journal.RunLock;
import dev.troupe.actors.run.RunDirectory;
import dev.troupe.actors.run.RunEvent;
import dev.troupe.actors.run.RunFailedException;
import dev.troupe.actors.run.RunHandle;
import dev.troupe.actors.run.RunListener;
import dev.troupe.actors.run.RunSummary;
import dev.troupe.actors.run.StopConditions;
import dev.troupe.actors.run.Troupe;
import dev.troupe.actors.run.TroupeOptions;
import dev.troupe.deploy.history.FailureFile;
import dev.troupe.deploy.history.PastPoints;
import dev.troupe.deploy.history.RunState;
import dev.troupe.deploy.logs.Logs;
import dev.troupe.deploy.memory.NativeHeap;
import dev.troupe.deploy.metrics.MetricsRecorder;
import dev.troupe.deploy.page.PageFile;
import dev.troupe.deploy.page.PageOrders;
import dev.troupe.deploy.page.PageServer;
import dev.troupe.deploy.processor.ProcessorClock;
import dev.troupe.deploy.processor.ProcessorTimes;
import dev.troupe.deploy.processor.ProcessorUse;
import dev.troupe.deploy.recipe.Recipe;
import dev.troupe.deploy.report.EndReport;
import dev.troupe.deploy.report.Summary;
import dev.troupe.deploy.report.SummaryFile;
import dev.troupe.deploy.terminal.Console;
import dev.troupe.deploy.terminal.Progress;
import dev.troupe.deploy.watch.Measure;
import dev.troupe.deploy.watch.RunPicture;
import dev.troupe.model.torch.ProcessEnd;
import dev.troupe.protocol.run.RunSpecification;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** One run in this process: started, shown, written down, interrupted, reported. */
final class TrainingSession {
  private static final int TOKEN_BYTES = 32;

  private final Console console;
  private final Recipe recipe;
  private final RunDirectory directory;
  private final Optional<Recipe> before;
  private final boolean resume;
  private final OptionalLong fromCheckpoint;
  private final Page page;

  /** Whether and where the live page is served; port 0 is any free one. */
  record Page(boolean served, int port) {}

  /**
   * @param before the recipe that an earlier process of the run went by; empty = it begins now
   */
  TrainingSession(
      Console console,
      Recipe recipe,
      RunDirectory directory,
      Optional<Recipe> before,
      OptionalLong fromCheckpoint,
      Page page) {
    this.console = console;
    this.recipe = recipe;
    this.directory = directory;
    this.before = before;
    this.resume = before.isPresent();
    this.fromCheckpoint = fromCheckpoint;
    this.page = page;
  }

  int run() throws IOException {
    BeforeRun.checkHere(recipe);
    // Whoever is refused shall leave no file behind; the lock itself is taken with the run.
    RunLock.acquire(directory.root(), "a process that begins").close();
    if (isFinished()) {
      return ExitCode.DONE;
    }
    directory.create();
    FailureFile.clear(directory.root());
    if (!resume) {
      recipe.writeTo(directory.root());
    }
    Logs.alsoTo(directory.root().resolve("troupe.log"));
    Clock clock = Clock.systemUTC();
    RunSpecification specification = recipe.specification();
    console.line((resume ? "going on with " : "running ") + EndReport.here(directory.root()) + "/");
    RunPicture picture = RunPicture.of(specification, System::nanoTime);
    if (resume) {
      picture.restore(PastPoints.read(directory.metrics()), StopConditions.seconds(directory));
    }
    ProcessorClock processor = ProcessorClock.ofThisProcess();
    try (MetricsRecorder metrics =
            MetricsRecorder.open(
                directory.metrics(),
                clock,
                ProcessHandle.current().pid(),
                Measure.of(specification),
                processor::read);
        Progress progress = new Progress(console, picture::view);
        NativeHeap _ = NativeHeap.keepTrimmed()) {
      Logs.warnTo(progress::message);
      return follow(clock, picture, metrics, progress, new ProcessorUse(processor));
    } finally {
      Logs.warnTo(System.err::println);
    }
  }

  /** Whether there is nothing to go on with; then says so. */
  private boolean isFinished() throws IOException {
    Optional<Summary> told = SummaryFile.read(directory.summary());
    if (before.isEmpty() || fromCheckpoint.isPresent() || told.isEmpty()) {
      return false;
    }
    Optional<String> why =
        RunState.read(directory, recipe.specification())
            .finished(directory, before.get().specification(), recipe.specification());
    if (why.isEmpty()) {
      return false;
    }
    console.line(EndReport.here(directory.root()) + "/ is finished: " + why.get());
    new EndReport(console).print(told.get(), directory, recipe.specification());
    console.line("");
    console.line(
        "Nothing is left to do. For longer: "
            + resumeCommand()
            + " "
            + StopConditions.longer(recipe.specification(), told.get().updates()));
    return true;
  }

  private int follow(
      Clock clock,
      RunPicture picture,
      MetricsRecorder metrics,
      Progress progress,
      ProcessorUse processor)
      throws IOException {
    RunHandle handle = start(clock, all(List.of(picture, metrics, progress, processor)));
    if (resume) {
      recipe.writeTo(directory.root());
    }
    Interrupts.handle(
        () -> {
          progress.message(
              "finishing what is under way and making a checkpoint; Ctrl-C again stops at once");
          handle.drain();
        },
        () -> ProcessEnd.now(ExitCode.INTERRUPTED));
    RunSummary summary;
    try (PageServer _ = page.served() ? serve(picture, progress, handle) : null) {
      summary = await(handle);
    } finally {
      PageFile.remove(directory.root());
    }
    ProcessorTimes spent = processor.sinceBegin();
    progress.close();
    Summary told = Summary.of(summary, Measure.of(recipe.specification()));
    SummaryFile.write(directory.summary(), told, spent);
    new EndReport(console).print(told, directory, recipe.specification(), spent);
    if (summary.resumable()) {
      console.line("");
      console.line("Go on with: " + resumeCommand());
    }
    return summary.resumable() ? ExitCode.STOPPED : ExitCode.DONE;
  }

  /** A page that can't be served is no reason not to train. */
  private @Nullable PageServer serve(RunPicture picture, Progress progress, RunHandle handle) {
    try {
      byte[] random = new byte[TOKEN_BYTES];
      new SecureRandom().nextBytes(random);
      String token = HexFormat.of().formatHex(random);
      PageServer server =
          PageServer.start(
              page.port(),
              picture::view,
              new PageOrders(token, handle::pause, handle::goOn, handle::reward));
      new PageFile(server.port(), token).write(directory.root());
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
        note(failed);
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

  /** For {@code status}. */
  private void note(RunFailedException failed) {
    try {
      FailureFile.write(
          directory.root(),
          new FailureFile.Failure(
              Clock.systemUTC().instant(), String.valueOf(failed.getMessage())));
    } catch (IOException e) {
      console.err().println("troupe: failure.json can't be written: " + e.getMessage());
    }
  }

  private String resumeCommand() {
    return "./troupe train " + EndReport.here(directory.root()) + " --resume";
  }

  private static RunListener all(List<RunListener> listeners) {
    return (RunEvent event) -> listeners.forEach(listener -> listener.on(event));
  }
}
