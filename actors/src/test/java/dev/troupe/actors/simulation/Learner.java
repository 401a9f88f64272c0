package dev.troupe.actors.simulation;

import dev.troupe.actors.ledger.BatchPlan;
import dev.troupe.protocol.checkpoint.CheckpointRef;
import dev.troupe.protocol.ledger.LedgerEvent.Committed;
import dev.troupe.protocol.policy.PolicyVersion;
import java.util.Optional;

/**
 * A learner: begins an incarnation from the last commit, asks for the batches that follow it,
 * trains, publishes, writes checkpoints. What isn't answered is said again.
 */
final class Learner extends Party {
  private static final long TICK = 10_000;

  private enum Phase {
    ASKING,
    OPENING,
    BEGINNING,
    RUNNING
  }

  private Phase phase = Phase.ASKING;
  private Optional<Head> head = Optional.empty();
  private int epoch;
  private int incarnation;
  private Weights weights = Weights.INITIAL;
  private long fromUpdate;
  private long lastBatch;
  private long training;
  private Optional<BatchPlan> next = Optional.empty();
  private Optional<Message.Updated> lastUpdate = Optional.empty();
  private Optional<Message.CheckpointWritten> uncommitted = Optional.empty();
  private Optional<PolicyVersion> newest = Optional.empty();

  Learner(World world, String name) {
    super(world, name);
  }

  @Override
  void onStart() {
    phase = Phase.ASKING;
    head = Optional.of(world.head());
    epoch = 0;
    training = 0;
    next = Optional.empty();
    lastUpdate = Optional.empty();
    uncommitted = Optional.empty();
    newest = Optional.empty();
    tick();
  }

  @Override
  void onCrash() {}

  @Override
  void onMessage(Message message) {
    switch (message) {
      case Message.HeadIs(var from, var its) -> {
        if (its > epoch) {
          epoch = its;
          head = Optional.of(from);
        }
      }
      case Message.BeginFrom(var newestLife, var commit) -> onBeginFrom(newestLife, commit);
      case Message.Begun(var life) -> onBegun(life);
      case Message.BatchReady(var plan) -> onBatch(plan);
      case Message.CheckpointCounts(var checkpoint) -> settled(checkpoint);
      case Message.Refused(var life) -> {
        if (life == incarnation && phase != Phase.ASKING) {
          crash();
        }
      }
      default -> throw new AssertionError("a learner got " + message);
    }
  }

  private void tick() {
    switch (phase) {
      case ASKING -> tellHead(new Message.WhereToBegin(address()));
      case OPENING -> {}
      case BEGINNING -> begin();
      case RUNNING -> {
        lastUpdate.ifPresent(this::tellHead);
        newest.ifPresent(version -> tellHead(new Message.Publish(version)));
        uncommitted.ifPresent(this::tellHead);
        ask();
      }
    }
    after(TICK, this::tick);
  }

  private void tellHead(Message message) {
    head.ifPresent(it -> send(it, message));
  }

  // ---- beginning a life ----

  private void onBeginFrom(int newestLife, Optional<Committed> commit) {
    if (phase != Phase.ASKING) {
      return;
    }
    phase = Phase.OPENING;
    after(world.trouble().openTime(), () -> open(newestLife, commit));
  }

  private void open(int newestLife, Optional<Committed> commit) {
    incarnation = world.disk().claimIncarnation(newestLife);
    fromUpdate = commit.map(it -> it.checkpoint().update()).orElse(0L);
    lastBatch = commit.map(Committed::lastBatch).orElse(0L);
    weights = commit.map(it -> world.promises().committed(it.checkpoint())).orElse(Weights.INITIAL);
    if (world.flaw() == Flaw.TRAINED_TWICE_AFTER_RESTART && commit.isPresent()) {
      weights = world.disk().newestCheckpoint().orElse(weights);
    }
    phase = Phase.BEGINNING;
    begin();
  }

  private void begin() {
    tellHead(new Message.BeginIncarnation(address(), incarnation, fromUpdate, lastBatch));
  }

  private void onBegun(int life) {
    if (life != incarnation || phase != Phase.BEGINNING) {
      return;
    }
    phase = Phase.RUNNING;
    if (weights.update() < World.FIRST_UPDATE) {
      weights = weights.supervised(World.FIRST_UPDATE);
      lastUpdate = Optional.of(new Message.Updated(version(), 0));
      lastUpdate.ifPresent(this::tellHead);
      save();
    }
    publish();
    ask();
  }

  // ---- updates ----

  private long wanted() {
    return Math.max(training, lastBatch) + 1;
  }

  private void ask() {
    if (next.isEmpty()) {
      tellHead(new Message.NextBatch(address(), incarnation, wanted()));
    }
  }

  private void onBatch(BatchPlan plan) {
    if (phase == Phase.RUNNING && next.isEmpty() && plan.number() == wanted()) {
      next = Optional.of(plan);
      train();
    }
  }

  private void train() {
    if (next.isEmpty() || training > lastBatch) {
      return;
    }
    long number = next.get().number();
    training = number;
    next = Optional.empty();
    after(world.trouble().updateTime(), () -> onTrained(number));
    ask();
  }

  private void onTrained(long number) {
    weights = weights.trained(number);
    lastBatch = number;
    lastUpdate = Optional.of(new Message.Updated(version(), number));
    lastUpdate.ifPresent(this::tellHead);
    publish();
    if (number % world.trouble().checkpointEvery() == 0) {
      save();
    }
    train();
    ask();
  }

  private void publish() {
    newest = Optional.of(version());
    world.promises().published(this, version());
    tellHead(new Message.Publish(version()));
  }

  private PolicyVersion version() {
    return new PolicyVersion(incarnation, World.FIRST_UPDATE + lastBatch, 0, "w");
  }

  // ---- checkpoints ----

  private void save() {
    Weights saved = weights;
    CheckpointRef checkpoint =
        new CheckpointRef(World.FIRST_UPDATE + lastBatch, incarnation, name + life());
    Message.CheckpointWritten written =
        new Message.CheckpointWritten(address(), incarnation, checkpoint, lastBatch);
    if (world.flaw() == Flaw.COMMITTED_BEFORE_WRITTEN) {
      tellHead(written);
    }
    after(
        world.trouble().saveTime(),
        () -> {
          world.disk().write(checkpoint, saved);
          uncommitted = Optional.of(written);
          tellHead(written);
        });
  }

  private void settled(CheckpointRef checkpoint) {
    if (uncommitted.filter(it -> it.checkpoint().equals(checkpoint)).isPresent()) {
      uncommitted = Optional.empty();
    }
  }
}
