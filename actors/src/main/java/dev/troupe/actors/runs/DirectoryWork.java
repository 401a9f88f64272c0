package dev.troupe.actors.runs;

import dev.troupe.actors.EngineThread;
import dev.troupe.actors.cluster.Answer;
import dev.troupe.actors.cluster.RunListeners;
import dev.troupe.actors.cluster.Submission;
import dev.troupe.actors.run.CrashPoint;
import dev.troupe.actors.run.Production;
import dev.troupe.actors.run.RunDirectory;
import dev.troupe.actors.run.TroupeOptions;
import dev.troupe.protocol.run.RunSpecification;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * All that is done with the cluster's directory, on one thread and in the order in which it was
 * asked for. What comes of it, trouble included, is a command for the runs' actor.
 */
final class DirectoryWork {
  private static final long TERMS_IN_EPOCH = 1L << 32;

  private final RunsSurroundings with;
  private final EngineThread io;
  private @Nullable ClusterDirectory directory;

  DirectoryWork(RunsSurroundings with) {
    this.with = with;
    this.io = new EngineThread(with.threads(), with.nanos());
  }

  private CompletionStage<RunsActor.Command> submit(
      Callable<RunsActor.Command> work, Function<Throwable, RunsActor.Command> trouble) {
    return io.submit(work)
        .handle((done, failure) -> failure == null ? done : trouble.apply(failure));
  }

  /** Takes the directory over; {@link #opened} follows. */
  CompletionStage<RunsActor.Command> open() {
    return submit(
        () -> {
          ClusterDirectory opened = ClusterDirectory.open(with.home(), with.owner());
          return new RunsActor.Opened(opened, opened.takeOver(), opened.takeOverDrains());
        },
        RunsActor.Failed::new);
  }

  void opened(ClusterDirectory opened) {
    directory = opened;
  }

  boolean isOpen() {
    return directory != null;
  }

  private ClusterDirectory directory() {
    if (directory == null) {
      throw new IllegalStateException("the cluster's directory isn't open yet");
    }
    return directory;
  }

  /** Terms of a run's lives here are greater than those under any head before. */
  long firstTerm() {
    return directory().epoch() * TERMS_IN_EPOCH;
  }

  CompletionStage<RunsActor.Command> create(
      Submission submission, Control control, ActorRef<Answer> asking) {
    ClusterDirectory open = directory();
    return submit(
        () -> {
          open.create(submission);
          if (!open.write(submission.name(), control)) {
            return new RunsActor.Overtaken(Optional.of(asking));
          }
          with.crashHook().accept(CrashPoint.ORDER_RECORDED);
          return new RunsActor.Created(submission, control, asking);
        },
        failure -> new RunsActor.NotCreated(submission.name(), asking, failure));
  }

  CompletionStage<RunsActor.Command> write(
      String run, Control control, Optional<Hands.Reply<ActorRef<Answer>>> reply) {
    ClusterDirectory open = directory();
    return submit(
        () -> {
          if (!open.write(run, control)) {
            return new RunsActor.Overtaken(reply.map(Hands.Reply::asking));
          }
          reply.ifPresent(_ -> with.crashHook().accept(CrashPoint.ORDER_RECORDED));
          return new RunsActor.Written(reply);
        },
        failure -> new RunsActor.NotWritten(run, reply, failure));
  }

  CompletionStage<RunsActor.Command> writeDrains(
      Map<String, DrainOrder> orders, Optional<Hands.Reply<ActorRef<Answer>>> reply) {
    ClusterDirectory open = directory();
    return submit(
        () -> {
          if (!open.writeDrains(orders)) {
            return new RunsActor.Overtaken(reply.map(Hands.Reply::asking));
          }
          with.crashHook().accept(CrashPoint.DRAIN_RECORDED);
          return new RunsActor.DrainsWritten(reply);
        },
        failure -> new RunsActor.DrainsNotWritten(reply, failure));
  }

  /** Reads what a run's actor is made of. */
  CompletionStage<RunsActor.Command> produce(
      String name, RunSpecification specification, MadeRun run, Production.Ended ears) {
    ClusterDirectory open = directory();
    return submit(
        () -> {
          RunDirectory runDirectory = open.directory(name);
          RunListeners.Follower follower =
              with.listeners().follow(specification, runDirectory, runDirectory.holdsRun());
          TroupeOptions options =
              TroupeOptions.of(follower, with.clock(), with.nanos(), with.threads())
                  .withCrashHook(with.crashHook());
          Production production =
              Production.of(
                  name,
                  specification,
                  runDirectory,
                  options,
                  with.owner(),
                  run.terms,
                  open.leaveToken(name),
                  run.places::get,
                  ears);
          return new RunsActor.Produced(name, production, follower);
        },
        failure -> new RunsActor.NotProduced(name, failure));
  }

  /** Tells heads that can reach nobody that this one works here. */
  CompletionStage<RunsActor.Command> leaveSign(long beat) {
    ClusterDirectory open = directory();
    return submit(
        () -> {
          if (open.isOvertaken()) {
            return new RunsActor.Overtaken(Optional.empty());
          }
          open.leaveSign(with.name(), with.address(), beat);
          return new RunsActor.SignLeft();
        },
        RunsActor.SignNotLeft::new);
  }

  /** After what was asked for before. */
  void close() {
    io.close();
  }
}
