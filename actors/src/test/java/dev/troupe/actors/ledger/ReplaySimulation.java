package dev.troupe.actors.ledger;

import dev.troupe.actors.ledger.Effect.Reception;
import dev.troupe.protocol.batch.JudgedTrajectory;
import dev.troupe.protocol.checkpoint.CheckpointRef;
import dev.troupe.protocol.ledger.LedgerEvent;
import dev.troupe.protocol.ledger.LedgerEvent.Committed;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.run.CheckpointSpecification;
import dev.troupe.protocol.run.ReplaySpecification;
import dev.troupe.protocol.run.ReplaySpecification.OnStraggler;
import dev.troupe.protocol.run.ReplaySpecification.Orphans;
import dev.troupe.protocol.run.RewardSpecification;
import dev.troupe.protocol.run.RewardSpecification.OnFailedMember;
import dev.troupe.protocol.trajectory.Trajectory;
import dev.troupe.protocol.trajectory.TrajectoryId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * A whole run in one thread, decided by a seed: samplers, verifiers and a learner around a {@link
 * Replay} and a model of its journal, with messages lost, doubled, late and out of order, and with
 * crashes of everybody at any point. What the outside was told is kept apart and held against the
 * books after every step:
 *
 * <ul>
 *   <li>the conservation law holds, and folding the journal gives the state in memory, also from a
 *       summary and what it keeps;
 *   <li>what was acknowledged as recorded is never lost, whatever crashes;
 *   <li>batch n is the same whenever it is handed out, its exact lag is within the bound, and no
 *       trajectory is in more batches than the recipe allows;
 *   <li>a commit that was acknowledged still counts after a crash.
 * </ul>
 *
 * In the end the troubles stop, and the run must go on to a few more batches.
 */
final class ReplaySimulation {

  /** A fault built in on purpose: the simulation must find it. */
  enum Flaw {
    NONE,
    NO_DEDUPE,
    ACKNOWLEDGED_BEFORE_SYNC,
    LAG_CHECKED_AT_ADMISSION_ONLY
  }

  private static final long SECOND = 1_000_000_000L;
  private static final int WORKERS = 3;
  private static final long FIRST_UPDATE = 10;
  private static final int LANES = 4;

  private record Offer(String worker, JudgedTrajectory judged) {}

  private final Random random;
  private final Flaw flaw;
  private final ReplaySpecification specification;
  private final RewardSpecification reward;
  private final CheckpointSpecification checkpoints;

  // The journal: everything that was appended; the first `synced` events survive any crash.
  private final List<LedgerEvent> journal = new ArrayList<>();
  private int synced;

  // A summary that was made once, before which event it lies, and the first event that it keeps.
  private Optional<LedgerEvent.Summarised> lastSummary = Optional.empty();
  private int summaryAt;
  private int firstKept;
  private int epoch;
  private Replay replay;
  private Outbox outbox = new Outbox();
  private long now = 1;

  // The samplers: what they hold, by worker; trajectories stay until they are acknowledged.
  private final Map<String, List<Effect.Grant>> leases = new HashMap<>();
  private final Map<String, LinkedHashMap<TrajectoryId, JudgedTrajectory>> finished =
      new HashMap<>();
  private final List<Offer> network = new ArrayList<>();

  // The learner.
  private int incarnation = 1;
  private long fromUpdate = FIRST_UPDATE;
  private long lastBatch;
  private boolean begun;
  private long trained;
  private Optional<Long> asked = Optional.empty();

  // What the outside was told.
  private final Set<TrajectoryId> acknowledged = new HashSet<>();
  private final Map<Long, List<TrajectoryId>> handedOut = new HashMap<>();
  private long acknowledgedCommit;

  ReplaySimulation(long seed, Flaw flaw) {
    this.random = new Random(seed);
    this.flaw = flaw;
    int lag = random.nextInt(3);
    ReplaySpecification base = Samples.replay(1 + random.nextInt(3), 1 + random.nextInt(4), lag);
    if (lag > 0 && random.nextInt(3) == 0) {
      base = Samples.reusing(base, 2);
    }
    if (random.nextInt(3) == 0) {
      base = Samples.filtering(base);
    }
    this.specification =
        Samples.with(
            base,
            random.nextBoolean() ? OnStraggler.DROP : OnStraggler.HOLD,
            random.nextBoolean() ? Orphans.ADMIT : Orphans.DROP);
    this.reward =
        Samples.reward(
            random.nextBoolean() ? OnFailedMember.DROP_MEMBER : OnFailedMember.DROP_GROUP,
            1_000_000);
    this.checkpoints = new CheckpointSpecification(1, 1 + random.nextInt(3));
    for (int worker = 0; worker < WORKERS; worker++) {
      leases.put(name(worker), new ArrayList<>());
      finished.put(name(worker), new LinkedHashMap<>());
    }
    this.replay = fresh();
    begin();
  }

  /** Lives through {@code steps} troubled steps, then asks for {@code batches} more batches. */
  void run(int steps, int batches) {
    for (int step = 0; step < steps; step++) {
      troubledStep();
      check();
    }
    long target = replay.ledger().lastCut() + batches;
    int patience = 20_000;
    while (replay.ledger().lastCut() < target) {
      calmStep();
      if (patience-- == 0) {
        throw new AssertionError(
            "no progress: batch [%d] of [%d] was cut, the learner waits for %s: %s, occupancy %s, loose %s, %s"
                .formatted(
                    replay.ledger().lastCut(),
                    target,
                    replay.batchRequested(),
                    replay.batchWaitsFor(),
                    replay.occupancy(),
                    replay.holders(),
                    replay.ledger().counts().law()));
      }
    }
    check();
  }

  long batchesCut() {
    return replay.ledger().lastCut();
  }

  private void troubledStep() {
    switch (random.nextInt(16)) {
      case 0, 1 -> demand();
      case 2, 3 -> repeat(this::sample);
      case 4, 5, 6 -> repeat(() -> deliver(true));
      case 7 -> resend();
      case 8, 9 -> sync(synced + random.nextInt(journal.size() - synced + 1));
      case 10, 11, 12 -> learn();
      case 13 -> {
        now += random.nextLong(20 * SECOND);
        decide(replay.tick(now));
      }
      case 14 -> {
        if (random.nextInt(6) == 0) {
          loseWorker();
        } else {
          renew();
        }
      }
      default -> {
        switch (random.nextInt(12)) {
          case 0 -> crash();
          case 1 -> restartLearner();
          case 2 -> decide(replay.pause("disk", now));
          default -> decide(replay.resume(now));
        }
      }
    }
  }

  private void repeat(Runnable step) {
    int times = 1 + random.nextInt(8);
    for (int i = 0; i < times; i++) {
      step.run();
    }
  }

  private void calmStep() {
    decide(replay.resume(now));
    demand();
    sample();
    resend();
    deliver(false);
    learn();
    sync(journal.size());
    now += SECOND;
    decide(replay.tick(now));
  }

  // ---- the replay side ----

  private Replay fresh() {
    TrajectoryQueue queue =
        flaw == Flaw.LAG_CHECKED_AT_ADMISSION_ONLY
            ? new TrajectoryQueue(specification) {
              @Override
              boolean isStale(GroupAccount account, long number, long firstUpdate) {
                return false;
              }
            }
            : new TrajectoryQueue(specification);
    return new Replay(specification, reward, checkpoints, Samples::task, Samples.VERIFIER, queue) {
      @Override
      Optional<Reception> refusal(Trajectory trajectory) {
        Optional<Reception> refusal = super.refusal(trajectory);
        return flaw == Flaw.NO_DEDUPE && refusal.equals(Optional.of(Reception.DUPLICATE))
            ? Optional.empty()
            : refusal;
      }
    };
  }

  private void begin() {
    decide(replay.begin(++epoch, 0, "simulated", now));
  }

  private void decide(Decision decision) {
    journal.addAll(decision.events());
    if (flaw == Flaw.ACKNOWLEDGED_BEFORE_SYNC) {
      decision.effects().forEach(this::see);
    } else {
      outbox.add(journal.size(), decision.effects());
      outbox.release().forEach(this::see);
    }
  }

  private void sync(int position) {
    synced = Math.max(synced, position);
    outbox.synced(synced);
    outbox.release().forEach(this::see);
  }

  /** The replay process dies; of what wasn't synced, any prefix may have reached the disk. */
  private void crash() {
    int kept = synced + random.nextInt(journal.size() - synced + 1);
    journal.subList(kept, journal.size()).clear();
    if (summaryAt > kept) {
      lastSummary = Optional.empty();
    }
    synced = kept;
    outbox = new Outbox();
    outbox.synced(synced);
    replay = fold();
    asked = Optional.empty();
    begin();
  }

  private Replay fold() {
    Replay folded = fresh();
    journal.forEach(folded::recover);
    return folded;
  }

  // ---- the samplers ----

  private static String name(int worker) {
    return "node-" + worker % 2 + "/rollout-" + worker;
  }

  private String someWorker() {
    return name(random.nextInt(WORKERS));
  }

  private void demand() {
    String worker = someWorker();
    decide(replay.demand(worker, 1 + random.nextInt(LANES), now));
  }

  private void sample() {
    String worker = someWorker();
    List<Effect.Grant> held = leases.getOrDefault(worker, List.of());
    if (held.isEmpty()) {
      return;
    }
    Effect.Grant grant = held.get(random.nextInt(held.size()));
    int[] members = grant.lease().members().toArray();
    int member = members[random.nextInt(members.length)];
    TrajectoryId id = new TrajectoryId(grant.lease().group().number(), member);
    long newest = FIRST_UPDATE + trained;
    long oldest = random.nextInt(4) == 0 ? Math.max(0, newest - 3) : newest;
    long update = oldest + random.nextLong(newest - oldest + 1);
    JudgedTrajectory judged =
        Samples.judged(
            Samples.trajectory(grant.lease(), member, Samples.version(incarnation, update)),
            switch (random.nextInt(12)) {
              case 0 -> new Outcome.Crashed("boom");
              case 1 -> new Outcome.TimedOut(Samples.LIMIT);
              default -> new Outcome.Scored(random.nextInt(3));
            });
    if (finished.getOrDefault(worker, new LinkedHashMap<>()).putIfAbsent(id, judged) == null) {
      network.add(new Offer(worker, judged));
    }
  }

  private void resend() {
    String worker = someWorker();
    finished
        .getOrDefault(worker, new LinkedHashMap<>())
        .values()
        .forEach(judged -> network.add(new Offer(worker, judged)));
  }

  private void deliver(boolean troubled) {
    int count = troubled ? 1 : network.size();
    for (int i = 0; i < count && !network.isEmpty(); i++) {
      int chosen = random.nextInt(network.size());
      Offer offer = network.get(chosen);
      if (!troubled || random.nextInt(4) > 0) {
        network.remove(chosen);
      }
      if (!troubled || random.nextInt(5) > 0) {
        decide(replay.offer(offer.worker(), offer.judged(), now));
      }
    }
  }

  private void renew() {
    String worker = someWorker();
    for (Effect.Grant grant : List.copyOf(leases.getOrDefault(worker, List.of()))) {
      decide(replay.renew(worker, grant.lease().id(), now));
    }
  }

  private void loseWorker() {
    String worker = someWorker();
    leases.put(worker, new ArrayList<>());
    finished.put(worker, new LinkedHashMap<>());
    decide(replay.nodeLost(random.nextBoolean() ? worker : worker.substring(0, 6), now));
  }

  // ---- the learner ----

  private void learn() {
    if (!begun) {
      decide(replay.incarnationBegan(incarnation, fromUpdate, lastBatch, now));
      return;
    }
    if (asked.isEmpty() || random.nextInt(3) == 0) {
      asked = Optional.of(trained + 1);
      decide(replay.requestBatch(incarnation, trained + 1, FIRST_UPDATE, now));
    }
  }

  private void train(BatchPlan plan) {
    if (asked.isEmpty() || asked.get() != plan.number() || plan.number() != trained + 1) {
      return;
    }
    trained++;
    asked = Optional.empty();
    if (random.nextInt(5) > 0) {
      var version = Samples.version(incarnation, FIRST_UPDATE + trained);
      decide(replay.updated(version, trained, random.nextInt(10) == 0, now));
    }
    if (random.nextInt(3) == 0) {
      CheckpointRef checkpoint = new CheckpointRef(FIRST_UPDATE + trained, incarnation, "m");
      decide(replay.checkpointWritten(incarnation, checkpoint, trained, FIRST_UPDATE, now));
    }
  }

  private void restartLearner() {
    incarnation++;
    begun = false;
    asked = Optional.empty();
    List<Committed> commits = replay.ledger().commits();
    if (commits.isEmpty()) {
      fromUpdate = FIRST_UPDATE;
      lastBatch = 0;
    } else {
      Committed chosen = commits.get(random.nextInt(commits.size()));
      fromUpdate = chosen.checkpoint().update();
      lastBatch = chosen.lastBatch();
    }
  }

  // ---- what the outside sees ----

  private void see(Effect effect) {
    switch (effect) {
      case Effect.Grant grant -> {
        leases.computeIfAbsent(grant.holder(), _ -> new ArrayList<>()).add(grant);
      }
      case Effect.Revoke revoke ->
          leases
              .getOrDefault(revoke.holder(), new ArrayList<>())
              .removeIf(grant -> grant.lease().id().equals(revoke.lease()));
      case Effect.Acknowledge acknowledge -> onAcknowledged(acknowledge);
      case Effect.HandOut handOut -> onHandedOut(handOut.plan());
      case Effect.CommitAcknowledged commit ->
          acknowledgedCommit =
              Math.max(acknowledgedCommit, commit.checkpoint().update() - FIRST_UPDATE);
      case Effect.IncarnationAcknowledged began -> {
        if (began.incarnation() == incarnation && !begun) {
          begun = true;
          trained = lastBatch;
          acknowledgedCommit = lastBatch;
        }
      }
      case Effect.IncarnationRefused refused -> {
        if (refused.incarnation() == incarnation && !begun) {
          restartLearner();
        }
      }
      case Effect.CommitRefused _, Effect.BatchRefused _ -> {}
      case Effect.StopRun stop -> throw new AssertionError(stop);
    }
  }

  private void onAcknowledged(Effect.Acknowledge acknowledge) {
    if (acknowledge.reception() == Reception.RECORDED) {
      acknowledged.add(acknowledge.id());
    }
    if (random.nextInt(5) > 0) {
      finished
          .getOrDefault(acknowledge.to(), new LinkedHashMap<>())
          .values()
          .removeIf(
              judged ->
                  judged.trajectory().id().equals(acknowledge.id())
                      && judged.trajectory().attempt() == acknowledge.attempt());
    }
  }

  private void onHandedOut(BatchPlan plan) {
    List<TrajectoryId> before = handedOut.putIfAbsent(plan.number(), plan.ids());
    if (before != null && !before.equals(plan.ids())) {
      throw new AssertionError(
          "batch [%d] was %s and is now %s".formatted(plan.number(), before, plan.ids()));
    }
    for (TrajectoryId id : plan.ids()) {
      long uses = handedOut.values().stream().filter(ids -> ids.contains(id)).count();
      if (uses > specification.reuse()) {
        throw new AssertionError("trajectory [%s] is in [%d] batches".formatted(id, uses));
      }
      if (before == null) {
        checkLag(plan.number(), id);
      }
    }
    train(plan);
  }

  private void checkLag(long batch, TrajectoryId id) {
    List<JudgedTrajectory> recorded = recorded(id);
    if (recorded.size() != 1) {
      throw new AssertionError(
          "trajectory [%s] is recorded [%d] times".formatted(id, recorded.size()));
    }
    long lag = FIRST_UPDATE + batch - 1 - recorded.getFirst().trajectory().behaviour().update();
    if (lag < 0 || lag > specification.policyLagMax()) {
      throw new AssertionError(
          "trajectory [%s] has lag [%d] in batch [%d], allowed are [0..%d]"
              .formatted(id, lag, batch, specification.policyLagMax()));
    }
  }

  private List<JudgedTrajectory> recorded(TrajectoryId id) {
    List<JudgedTrajectory> found = new ArrayList<>();
    for (LedgerEvent event : journal) {
      if (event instanceof LedgerEvent.Recorded recorded
          && recorded.trajectory().trajectory().id().equals(id)) {
        found.add(recorded.trajectory());
      }
    }
    return found;
  }

  // ---- the checks after every step ----

  private void check() {
    Ledger ledger = replay.ledger();
    ledger.check();
    for (TrajectoryId id : acknowledged) {
      boolean known =
          ledger.isClosed(id.group())
              || ledger.state(id).filter(state -> state != TrajectoryState.LEASED).isPresent();
      if (!known) {
        throw new AssertionError(
            "trajectory [%s] was acknowledged and is now %s".formatted(id, ledger.state(id)));
      }
    }
    if (ledger.committedBatch() < acknowledgedCommit && begun) {
      throw new AssertionError(
          "batch [%d] was committed and acknowledged, the ledger says [%d]"
              .formatted(acknowledgedCommit, ledger.committedBatch()));
    }
    Occupancy occupancy = replay.occupancy();
    if (ledger.closedRangeCount() > 200 || occupancy.running() > occupancy.groupsMax()) {
      throw new AssertionError("unbounded: " + occupancy);
    }
    if (random.nextInt(16) == 0) {
      String folded = digest(fold());
      if (!folded.equals(digest(replay))) {
        throw new AssertionError("folded:\n" + folded + "\nin memory:\n" + digest(replay));
      }
      String fromSummary = digest(foldFromSummary());
      if (!fromSummary.equals(digest(replay))) {
        throw new AssertionError(
            "from a summary:\n" + fromSummary + "\nin memory:\n" + digest(replay));
      }
    }
  }

  /** What is left when every event that may be deleted is deleted, and the run goes on after. */
  private Replay foldFromSummary() {
    int first = journal.size();
    Set<Long> open = replay.openGroups();
    for (int i = journal.size() - 1; i >= 0; i--) {
      if (journal.get(i) instanceof LedgerEvent.Granted granted
          && open.contains(granted.lease().group().number())) {
        first = i;
      }
    }
    if (lastSummary.isEmpty() || random.nextInt(10) == 0) {
      lastSummary =
          Optional.of((LedgerEvent.Summarised) replay.summarise(1, 1).events().getFirst());
      firstKept = first;
      summaryAt = journal.size();
    }
    List<LedgerEvent> kept = new ArrayList<>(journal.subList(firstKept, summaryAt));
    kept.add(lastSummary.get());
    kept.addAll(journal.subList(summaryAt, journal.size()));
    Replay folded = fresh();
    folded.startFrom(lastSummary.get());
    kept.forEach(folded::recover);
    return folded;
  }

  private static String digest(Replay replay) {
    Ledger ledger = replay.ledger();
    StringBuilder text = new StringBuilder();
    text.append(ledger.counts())
        .append(ledger.lastCut())
        .append(' ')
        .append(ledger.trainedBatch())
        .append(' ')
        .append(ledger.committedBatch())
        .append(' ')
        .append(ledger.oldestKeptBatch())
        .append(ledger.commits())
        .append(ledger.drops())
        .append(replay.queued());
    for (GroupAccount account : ledger.openGroups()) {
      text.append('\n').append(account.group().number()).append(account.isOver());
      for (int member = 0; member < account.group().size(); member++) {
        text.append(' ').append(account.state(member)).append(account.attempt(member));
      }
      for (long batch : account.batches()) {
        text.append(" in ").append(batch);
      }
    }
    return text.toString();
  }
}
