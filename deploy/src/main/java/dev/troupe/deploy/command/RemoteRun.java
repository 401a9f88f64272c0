package dev.troupe.deploy.command;

import dev.troupe.actors.cluster.ClusterView;
import dev.troupe.deploy.client.ClusterClient;
import dev.troupe.deploy.client.ClusterException;
import dev.troupe.deploy.client.RunReport;
import dev.troupe.deploy.report.EndReport;
import dev.troupe.deploy.terminal.Console;
import dev.troupe.deploy.terminal.Progress;
import dev.troupe.deploy.watch.RunPicture;
import dev.troupe.deploy.watch.RunView;
import dev.troupe.model.torch.ProcessEnd;
import java.time.Duration;

/** A run of a cluster, shown here as {@code train} shows its own. */
final class RemoteRun {
  private static final Duration ASK_EVERY = Duration.ofMillis(500);

  private final Console console;
  private final ClusterClient client;
  private final Switchboard messages;
  private final String name;
  private final String to;
  private volatile RunView view;
  private volatile boolean detached;

  /**
   * @param messages of the client, shown beside the run meanwhile
   * @param to option that names the cluster, as typed
   */
  RemoteRun(Console console, ClusterClient client, Switchboard messages, String name, String to) {
    this.console = console;
    this.client = client;
    this.messages = messages;
    this.name = name;
    this.to = to;
    this.view = new RunPicture(name, 0, 0, System::nanoTime).view();
  }

  /** Shows the run up to its end, or until Ctrl-C; the exit code. */
  int follow() {
    Thread following = Thread.currentThread();
    Interrupts.handle(
        () -> {
          detached = true;
          following.interrupt();
        },
        () -> ProcessEnd.now(ExitCode.INTERRUPTED));
    RunReport end;
    try (Progress progress = new Progress(console, () -> view)) {
      messages.to(words -> progress.message(console.warning(words)));
      progress.footer("live page " + client.page(name) + "   Ctrl-C detaches, the run goes on");
      if (!console.live()) {
        progress.message("live page " + client.page(name));
      }
      end = watch(progress);
    } catch (ClusterException | InterruptedException e) {
      if (detached) {
        console.line("");
        console.line("detached; run [" + name + "] goes on");
        sayHowToFollow();
        return ExitCode.DONE;
      }
      throw e instanceof ClusterException lost
          ? new ClusterException(
              lost.kind(), lost.getMessage() + "\nThe run may go on: ./troupe status" + to)
          : new IllegalStateException(e);
    }
    return report(end);
  }

  private RunReport watch(Progress progress) throws InterruptedException {
    RunReport.Seen seen = RunReport.Seen.nothing();
    while (true) {
      RunReport report = client.run(name, seen);
      seen = report.seenAfter(seen);
      report.view().ifPresent(newest -> view = newest);
      report.remarks().forEach(progress::remark);
      switch (report.run().state()) {
        case QUEUED -> progress.waiting(queued(report.run()));
        case ACTIVE -> progress.begun();
        case STOPPED, DONE, FAILED -> {
          return report;
        }
      }
      Thread.sleep(ASK_EVERY);
    }
  }

  private static String queued(ClusterView.Run run) {
    return "queued" + (run.waitsFor().isEmpty() ? "" : ": waits for " + run.waitsFor());
  }

  private int report(RunReport end) {
    if (end.report().isEmpty()) {
      console.line("");
      console.line(console.bold(name) + ": " + end.run().words());
      EndReport.lines(end.run().status().ledger()).forEach(line -> console.line("  " + line));
    } else {
      end.report().forEach(console::line);
    }
    return switch (end.run().state()) {
      case DONE -> ExitCode.DONE;
      case STOPPED, QUEUED, ACTIVE -> {
        console.line("");
        console.line("Go on with: ./troupe submit RECIPE --resume" + to);
        yield ExitCode.STOPPED;
      }
      case FAILED -> {
        if (!end.report().isEmpty()) {
          console.line(console.bad("failed: ") + end.run().words());
        }
        yield ExitCode.FAILED;
      }
    };
  }

  /** For whoever doesn't stay. */
  void sayHowToFollow() {
    console.line("  see it    ./troupe watch " + name + to + ", or " + client.page(name));
    console.line("  stop it   ./troupe stop " + name + to);
  }
}
