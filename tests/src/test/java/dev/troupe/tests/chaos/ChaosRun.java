package dev.troupe.tests.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.actors.ledger.LedgerCounts;
import dev.troupe.actors.run.CrashPoint;
import dev.troupe.protocol.ledger.LedgerEvent.BatchCut;
import dev.troupe.tests.process.Product;
import dev.troupe.tests.process.RunFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.BooleanSupplier;

/**
 * A run on a cluster of four machines that are killed, frozen, cut off and starved of disk as a
 * seed decides. After every fault all four must be members again, the run must go on, and the audit
 * must hold; at its end every trajectory must have counted once.
 */
final class ChaosRun implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Duration LOOK_EVERY = Duration.ofMillis(200);
  private static final int LOOKS_A_SECOND = 5;
  private static final int PORT = 7355;
  private static final int HEADS = 3;

  /** After this somebody was removed. */
  private static final int SPLIT_NOTICED_SECONDS = 12;

  private static final List<String> ROLES =
      List.of(
          "head,learner,rollout", "head,learner,reward", "head,rollout,reward", "rollout,reward");

  private final Random random;
  private final Path directory;
  private final Machines machines;
  private final RunFiles run;
  private final List<Supervised> nodes = new ArrayList<>();
  private final List<String> faults = new ArrayList<>();
  private final int faultsMax;
  private int splits;

  /**
   * Starts the cluster.
   *
   * @param keys a folder of keys for these machines
   */
  ChaosRun(long seed, int faultsMax, Path directory, Machines machines, Path keys) {
    this.random = new Random(seed);
    this.faultsMax = faultsMax;
    this.directory = directory;
    this.machines = machines;
    Path home = machines.disk().resolve("home");
    this.run = new RunFiles(home.resolve("chaos"));
    String heads = address(0) + "," + address(1) + "," + address(2);
    Product product = Product.in(directory).patient(PATIENCE);
    for (int i = 0; i < Machines.COUNT; i++) {
      List<String> arguments =
          List.of(
              "node",
              "--name",
              "node-" + i,
              "--roles",
              ROLES.get(i),
              "--bind",
              address(i),
              "--join",
              heads,
              "--home",
              home.toString(),
              "--scratch",
              local(i).resolve("scratch").toString(),
              "--keys",
              keys.toString(),
              "--slots",
              "1");
      nodes.add(new Supervised("node-" + i, machines.on(i, product), arguments, this::arm));
    }
  }

  /** A disk of its own, so that weights travel from machine to machine. */
  private Path local(int machine) {
    return directory.resolve("machine-" + machine);
  }

  private String address(int machine) {
    return machines.host(machine) + ":" + PORT;
  }

  /** Half of the processes will do something to themselves at a bad moment, if they come to it. */
  private Optional<Supervised.Armed> arm() {
    if (nodes.size() < Machines.COUNT || faults.size() >= faultsMax || random.nextBoolean()) {
      return Optional.empty();
    }
    CrashPoint[] points = CrashPoint.values();
    return Optional.of(
        new Supervised.Armed(
            points[random.nextInt(points.length)], 1 + random.nextInt(3), random.nextInt(3) == 0));
  }

  /** Runs it to its end; what is returned tells how it was. */
  Outcome toItsEnd(Path recipe, Path keys) throws Exception {
    long begun = System.nanoTime();
    await("all nodes are members", this::allUp);
    submit(recipe, keys).with(0);
    await("the run makes updates", () -> run.figures() >= 5);
    while (faults.size() < faultsMax && !ended()) {
      pause(Duration.ofMillis(1_000 + random.nextInt(4_000)));
      Fault fault = Fault.draw(random);
      faults.add(fault.toString());
      System.out.printf("%d s: %s%n", (System.nanoTime() - begun) / 1_000_000_000, fault);
      inject(fault);
      if (fault instanceof Fault.DiskFull) {
        // A run that could not write its journal has ended, saying so; others refuse this.
        submit(recipe, keys, "--resume");
      }
      await("all nodes are members again after " + fault, this::allUp);
      long figures = run.figures();
      await("the run goes on after " + fault, () -> run.figures() > figures || ended());
      audit();
    }
    await("the run comes to its end", this::ended, PATIENCE.multipliedBy(4));
    checkBooks();
    return new Outcome(
        List.copyOf(faults),
        splits,
        ChaosRecipe.accuracy(run),
        Duration.ofNanos(System.nanoTime() - begun).toSeconds());
  }

  private Product.Ended submit(Path recipe, Path keys, String... more) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "submit",
                recipe.toString(),
                "--to",
                address(0) + "," + address(1) + "," + address(2),
                "--detach",
                "--keys",
                keys.toString(),
                "--token",
                machines.disk().resolve("home/api-token").toString()));
    command.addAll(List.of(more));
    return Product.in(directory).run(command.toArray(String[]::new));
  }

  /**
   * How a run was.
   *
   * @param splits of the network during which both sides were looked at
   */
  record Outcome(List<String> faults, int splits, double accuracy, long seconds) {}

  private void inject(Fault fault) throws Exception {
    switch (fault) {
      case Fault.Killed(int machine) -> nodes.get(machine).kill();
      case Fault.Frozen(int machine, int seconds) -> {
        nodes.get(machine).freeze();
        pause(Duration.ofSeconds(seconds));
        nodes.get(machine).thaw();
      }
      case Fault.CutOff(int machine, int seconds) -> {
        machines.unplug(machine);
        split(List.of(machine), seconds);
        machines.plug(machine);
      }
      case Fault.Halved(int one, int other, int seconds) -> {
        machines.move(one, 1);
        machines.move(other, 1);
        split(List.of(one, other), seconds);
        machines.move(one, 0);
        machines.move(other, 0);
      }
      case Fault.Lossy(int machine, int percent, int seconds) -> {
        machines.lose(machine, percent);
        disturb(machine, seconds);
      }
      case Fault.Thin(int machine, int kilobits, int milliseconds, int seconds) -> {
        machines.thin(machine, kilobits, milliseconds);
        disturb(machine, seconds);
      }
      case Fault.Late(int machine, int milliseconds, int jitter, int seconds) -> {
        machines.delay(machine, milliseconds, jitter);
        disturb(machine, seconds);
      }
      case Fault.Mute(int machine, int seconds) -> {
        machines.mute(machine);
        disturb(machine, seconds);
      }
      case Fault.Rotten(int machine, int seconds) -> {
        try (Rot rot = new Rot(local(machine))) {
          for (int looks = 0; looks < seconds * LOOKS_A_SECOND; looks++) {
            rot.spread();
            pause(LOOK_EVERY);
          }
        }
      }
      case Fault.DiskFull(int seconds) -> {
        Path balloon = machines.disk().resolve("balloon");
        fill(balloon);
        pause(Duration.ofSeconds(seconds));
        Files.delete(balloon);
      }
      case Fault.DiskSlow(int milliseconds, int seconds) -> {
        List<AutoCloseable> slow = new ArrayList<>();
        for (Supervised node : nodes) {
          slow.add(Machines.slowDisk(node.process(), milliseconds));
        }
        pause(Duration.ofSeconds(seconds));
        for (AutoCloseable each : slow) {
          each.close();
        }
      }
    }
  }

  /**
   * Lets the network be split between {@code some} machines and the others. Where that is long
   * enough for somebody to be removed, it lasts until exactly one side works, the one with more
   * heads: there the run goes on, and on the other one nobody is a member of a cluster.
   */
  private void split(List<Integer> some, int seconds) throws InterruptedException {
    long heads = some.stream().filter(machine -> machine < HEADS).count();
    boolean someGoOn = 2 * heads > HEADS;
    List<Supervised> ending = new ArrayList<>();
    List<Supervised> goingOn = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i++) {
      (some.contains(i) == someGoOn ? goingOn : ending).add(nodes.get(i));
    }
    pause(Duration.ofSeconds(seconds));
    if (seconds > SPLIT_NOTICED_SECONDS) {
      await(
          "the smaller side ended during the split",
          () -> ending.stream().noneMatch(Supervised::isUp));
      long figures = run.figures();
      await(
          "the larger side works during the split",
          () -> {
            assertThat(ending).as("who came up on the smaller side").noneMatch(Supervised::isUp);
            boolean works = goingOn.stream().anyMatch(Supervised::isUp) && run.figures() > figures;
            splits += works ? 1 : 0;
            return works || ended();
          });
    }
  }

  /** Lets what was done to the line of {@code machine} last. */
  private void disturb(int machine, int seconds) throws InterruptedException {
    try {
      pause(Duration.ofSeconds(seconds));
    } finally {
      machines.heal(machine);
    }
  }

  private static void fill(Path balloon) throws IOException {
    byte[] air = new byte[1 << 16];
    try (var out = Files.newOutputStream(balloon)) {
      while (true) {
        out.write(air);
      }
    } catch (IOException e) {
      // Full, as was wanted.
    }
  }

  private boolean allUp() {
    return nodes.stream().allMatch(Supervised::isUp);
  }

  private boolean ended() {
    return Files.exists(run.directory().summary());
  }

  private void supervise() {
    nodes.forEach(node -> node.look().ifPresent(faults::add));
  }

  private void pause(Duration time) throws InterruptedException {
    long until = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < until) {
      Thread.sleep(LOOK_EVERY);
      supervise();
    }
  }

  private void await(String what, BooleanSupplier condition) throws InterruptedException {
    await(what, condition, PATIENCE);
  }

  private void await(String what, BooleanSupplier condition, Duration patience)
      throws InterruptedException {
    long until = System.nanoTime() + patience.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > until) {
        throw new AssertionError("not within " + patience + ": " + what + "\n" + said());
      }
      pause(LOOK_EVERY);
    }
  }

  /** The books of a run that goes on: a look may meet a file that is being replaced. */
  private void audit() throws InterruptedException {
    for (int attempt = 1; ; attempt++) {
      try {
        run.orderlyCounts();
        return;
      } catch (AssertionError | Exception e) {
        if (attempt == 10) {
          throw new AssertionError("the audit after " + faults + ": " + e.getMessage(), e);
        }
        pause(LOOK_EVERY);
      }
    }
  }

  private void checkBooks() throws IOException {
    LedgerCounts counts = run.orderlyCounts();
    assertThat(run.audit().batches()).isEqualTo(ChaosRecipe.UPDATES);
    assertThat(run.audit().pairs()).isEqualTo((long) ChaosRecipe.UPDATES * ChaosRecipe.BATCH);
    assertThat(counts.consumed()).isEqualTo((long) ChaosRecipe.UPDATES * ChaosRecipe.BATCH);
    assertThat(counts.leased() + counts.recorded() + counts.batched()).isZero();
    Map<Object, Long> batches = new HashMap<>();
    run.events(BatchCut.class)
        .forEach(
            cut ->
                cut.ids()
                    .forEach(
                        id ->
                            assertThat(batches.put(id, cut.number()))
                                .as("earlier batch of %s", id)
                                .isNull()));
  }

  /** What happened and what every process said, for a failure's message. */
  String said() {
    StringBuilder all = new StringBuilder("faults " + faults + "\n");
    nodes.forEach(node -> all.append("---- ").append(node.said()));
    return all.toString();
  }

  @Override
  public void close() {
    nodes.forEach(Supervised::close);
  }
}
