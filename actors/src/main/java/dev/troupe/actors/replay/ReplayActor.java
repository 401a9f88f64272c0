package dev.troupe.actors.replay;

import dev.troupe.actors.EngineThread;
import dev.troupe.actors.ThinActor;
import dev.troupe.actors.journal.Books;
import dev.troupe.actors.journal.DamagedJournalException;
import dev.troupe.actors.journal.FencedException;
import dev.troupe.actors.journal.JournalFailure;
import dev.troupe.actors.learner.LearnerActor;
import dev.troupe.actors.ledger.Replay;
import dev.troupe.actors.monitor.MonitorActor;
import dev.troupe.actors.rollout.RolloutActor;
import dev.troupe.actors.run.RunActor;
import dev.troupe.actors.run.RunDirectory;
import dev.troupe.actors.run.TroupeOptions;
import dev.troupe.actors.serialization.Local;
import dev.troupe.actors.serialization.Wire;
import dev.troupe.protocol.batch.Batch;
import dev.troupe.protocol.batch.JudgedTrajectory;
import dev.troupe.protocol.checkpoint.CheckpointRef;
import dev.troupe.protocol.lease.LeaseId;
import dev.troupe.protocol.ledger.ProcessorKind;
import dev.troupe.protocol.ledger.UpdateTrace;
import dev.troupe.protocol.outcome.VerifierRef;
import dev.troupe.protocol.outcome.VerifierVersion;
import dev.troupe.protocol.policy.PolicyVersion;
import dev.troupe.protocol.run.RunSpecification;
import dev.troupe.protocol.task.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongFunction;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Keeps a run's accounts: a shell around {@link Replay}, which decides, and {@link Books}, which
 * remember.
 *
 * <pre>
 *   command ─▶ Replay decides ─▶ events to the journal ─▶ synced ─▶ effects leave as messages
 * </pre>
 *
 * <p>Nothing that a decision did is seen by anyone before the journal covers it. After a failure
 * the actor begins anew from the journal, with an epoch of its own; what reaches it while the
 * journal is read waits.
 */
public final class ReplayActor extends ThinActor<ReplayActor.Command> {

  /** What the replay actor is told. */
  public sealed interface Command {}

  /**
   * A sampler's demand and sign of life.
   *
   * @param life of the sampler; a new one has lost what the earlier one had
   * @param received trajectories granted to this life so far
   * @param wanted trajectories that may have been granted to it by now
   * @param claims whether {@code held} is said; now and then, and as soon as it finds that there is
   *     another replay actor
   * @param held all the leases that it has, to renew
   */
  public record Demand(
      String holder,
      ActorRef<RolloutActor.Command> rollout,
      long life,
      long received,
      long wanted,
      boolean claims,
      List<LeaseId> held)
      implements Command, Wire {
    public Demand {
      held = List.copyOf(held);
    }
  }

  /** Judged trajectories, each for itself; {@code rollout} wants to know when they are recorded. */
  public record Offer(List<JudgedTrajectory> judged, ActorRef<RolloutActor.Command> rollout)
      implements Command, Wire {
    public Offer {
      judged = List.copyOf(judged);
    }
  }

  /**
   * Answer with {@link RolloutActor.ReplayReads} once the journal holds what came before this.
   *
   * @param number of the question, for the answer
   */
  public record DoYouRead(long number, ActorRef<RolloutActor.Command> rollout)
      implements Command, Wire {}

  /** A learner wants to know which checkpoint to begin from. */
  public record WhereToBegin(ActorRef<LearnerActor.Command> learner) implements Command, Wire {}

  /** A learner has the checkpoint of {@code fromUpdate} and wants to begin its life. */
  public record BeginIncarnation(
      int incarnation,
      long fromUpdate,
      long lastBatch,
      ProcessorKind processor,
      ActorRef<LearnerActor.Command> learner)
      implements Command, Wire {}

  /** The learner wants batch {@code number}, which makes update {@code firstUpdate} + number. */
  public record NextBatch(
      int incarnation, long number, long firstUpdate, ActorRef<LearnerActor.Command> learner)
      implements Command, Wire {}

  /** The learner made {@code version} from batch {@code batch} (0: supervised). */
  public record Updated(PolicyVersion version, long batch, boolean skipped, UpdateTrace trace)
      implements Command, Wire {}

  /** A checkpoint is durable; it counts once its commit is. */
  public record CheckpointWritten(
      int incarnation,
      CheckpointRef checkpoint,
      long lastBatch,
      long firstUpdate,
      ActorRef<LearnerActor.Command> learner)
      implements Command, Wire {}

  /** Grant nothing any more. */
  public record Hold(String why) implements Command, Wire {}

  /** Grant again. */
  public record GoOn() implements Command, Wire {}

  /** Groups that begin from now on are judged by {@code verifier}. */
  public record Swap(VerifierVersion verifier) implements Command, Local {}

  /** What verdicts failed until now is forgiven. */
  public record Forgive() implements Command, Local {}

  /** {@code lost}, a node or one holder, works no more: others get what it held. */
  public record NodeLost(String lost) implements Command, Wire {}

  /** These nodes take part; holders on any other are lost. */
  public record NodesPresent(Set<String> nodes) implements Command, Local {
    public NodesPresent {
      nodes = Set.copyOf(nodes);
    }
  }

  /** The run is over: drop what no batch has used, then close. */
  public record EndRun(String why) implements Command, Wire {}

  /** Close resumable, once what is out has come in, or a few seconds have passed. */
  public record Close() implements Command, Wire {}

  record Opened(Books.Opened opened, Replay replay, KeptStates states) implements Command, Local {}

  record OpenFailed(Throwable cause) implements Command, Local {}

  record Synced(long position) implements Command, Local {}

  record JournalFailed(JournalFailure failure) implements Command, Local {}

  record Assembled(Batch batch) implements Command, Local {}

  record AssemblyFailed(Throwable cause) implements Command, Local {}

  record DiskSeen(boolean low, long freeBytes) implements Command, Local {}

  record Closed() implements Command, Local {}

  /** What a thread of life {@code life} of this actor brought; an earlier life's is not heard. */
  record FromLife(long life, Command command) implements Command, Local {}

  record Tick() implements Command, Local {}

  /** Fails the actor, for tests. */
  public record Poison() implements Command, Local {}

  /** Whom and what the replay actor works with. */
  public record Surroundings(
      RunSpecification specification,
      RunDirectory directory,
      TroupeOptions options,
      LongFunction<Task> tasks,
      VerifierRef verifier,
      String owner,
      String machine,
      ActorRef<RunActor.Command> run,
      ActorRef<MonitorActor.Command> monitor) {}

  static final String NAME = "replay";
  private static final Duration TICK = Duration.ofMillis(250);
  private static final int EARLY_MAX = 10_000;

  private final Surroundings with;
  private final long life;
  private final EngineThread io;
  private final List<Command> early = new ArrayList<>();
  private Optional<OpenReplay> open = Optional.empty();

  private ReplayActor(ActorContext<Command> context, Surroundings with, long life) {
    super(context);
    this.with = with;
    this.life = life;
    if (life > 1) {
      with.monitor().tell(new MonitorActor.Restarted(NAME, "it failed, the log says why"));
    }
    this.io = new EngineThread(with.options().threads(), with.options().nanos());
    context.pipeToSelf(
        io.submit(new Opening(with, context.getSelf(), life)::open),
        (opened, failure) ->
            new FromLife(life, failure == null ? opened : new OpenFailed(failure)));
  }

  /** Lives again after a failure, a few times in ten minutes. */
  public static Behavior<Command> create(Surroundings with) {
    long[] lives = {0};
    return Behaviors.<Command>supervise(
            Behaviors.setup(
                context ->
                    Behaviors.withTimers(
                        timers -> {
                          timers.startTimerAtFixedRate(new Tick(), TICK);
                          return new ReplayActor(context, with, ++lives[0]);
                        })))
        .onFailure(SupervisorStrategy.restart().withLimit(5, Duration.ofMinutes(10)));
  }

  @Override
  protected Behavior<Command> onMessage(Command command) {
    switch (command) {
      case FromLife(var from, var brought) -> onBrought(from, brought);
      case Opened opened -> onOpened(opened);
      case OpenFailed(var cause) -> onOpenFailed(cause);
      case AssemblyFailed(var cause) ->
          throw new IllegalStateException("reading a batch: " + cause.getMessage(), cause);
      case Poison _ -> throw new IllegalStateException("poisoned");
      case Tick _ when open.isEmpty() ->
          with.monitor().tell(new MonitorActor.Seen(NAME, 0, "the journal to be read"));
      case Demand _,
          Offer _,
          DoYouRead _,
          WhereToBegin _,
          BeginIncarnation _,
          NextBatch _,
          Updated _,
          CheckpointWritten _,
          Hold _,
          GoOn _,
          Swap _,
          Forgive _,
          NodeLost _,
          NodesPresent _,
          EndRun _,
          Close _,
          Synced _,
          JournalFailed _,
          Assembled _,
          DiskSeen _,
          Closed _,
          Tick _ -> {
        if (open.isPresent()) {
          open.get().onMessage(command);
        } else if (early.size() < EARLY_MAX) {
          early.add(command);
        }
      }
    }
    return this;
  }

  private void onBrought(long from, Command brought) {
    if (from == life) {
      onMessage(brought);
    } else if (brought instanceof Opened(var opened, _, _)) {
      io.submit(
          () -> {
            opened.books().close();
            return true;
          });
    }
  }

  private void onOpened(Opened opened) {
    OptionalLong from = life == 1 ? with.options().fromCheckpoint() : OptionalLong.empty();
    OpenReplay books = new OpenReplay(context(), with, life, io, opened, from);
    open = Optional.of(books);
    books.begin(opened.opened());
    List<Command> waiting = List.copyOf(early);
    early.clear();
    waiting.forEach(this::onMessage);
  }

  /**
   * Damage doesn't go away by opening again, and who was overtaken must not claim again; whatever
   * else it was may go away.
   */
  private void onOpenFailed(Throwable cause) {
    if (cause instanceof DamagedJournalException || cause instanceof FencedException) {
      with.run().tell(new RunActor.Fail(String.valueOf(cause.getMessage())));
    } else {
      throw new IllegalStateException("opening the journal: " + cause.getMessage(), cause);
    }
  }

  @Override
  protected Behavior<Command> onSignal(Signal signal) {
    if (signal instanceof PostStop || signal instanceof PreRestart) {
      open.ifPresent(OpenReplay::abandon);
      io.close();
    }
    return this;
  }
}
