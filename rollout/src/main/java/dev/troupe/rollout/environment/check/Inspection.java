package dev.troupe.rollout.environment.check;

import com.sun.management.ThreadMXBean;
import dev.troupe.protocol.outcome.PluginPayload;
import dev.troupe.protocol.plugin.PluginCodec;
import dev.troupe.protocol.plugin.PluginLimits;
import dev.troupe.protocol.plugin.PluginPayloadException;
import dev.troupe.protocol.plugin.PluginTypes;
import dev.troupe.protocol.tensor.FloatArray;
import dev.troupe.rollout.environment.AutoresetMode;
import dev.troupe.rollout.environment.Environment;
import dev.troupe.rollout.environment.EnvironmentSource;
import dev.troupe.rollout.environment.Space;
import dev.troupe.rollout.environment.VectorEnvironment;
import dev.troupe.rollout.environment.WrongShapeException;
import dev.troupe.rollout.environment.check.Finding.Verdict;
import dev.troupe.rollout.environment.check.Player.Row;
import dev.troupe.rollout.random.Pcg64;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** Looks at one rule after another; what is thrown ends it, with what was found so far. */
final class Inspection {
  private static final int STEPS_AFTER_STATE = 50;
  private static final int STATES = 20;
  private static final int ALLOCATION_STEPS = 2_000;
  private static final int ALLOCATED_BYTES_NOTED = 16;
  private static final PluginLimits LIMITS = new PluginLimits(1 << 28, 64, 1 << 24);

  private final EnvironmentSource source;
  private final long seed;
  private final int steps;
  private final AtomicLong calls = new AtomicLong();
  private final Map<Rule, Finding> found = new EnumMap<>(Rule.class);
  private final List<Environment> made = new ArrayList<>();

  Inspection(EnvironmentSource source, long seed, int steps) {
    this.source = source;
    this.seed = seed;
    this.steps = steps;
  }

  /** What was found so far; written by the inspecting thread alone, read when that has ended. */
  Map<Rule, Finding> found() {
    return found;
  }

  /** Calls of environments so far; any thread may ask. */
  long calls() {
    return calls.get();
  }

  /** Looks at all rules. */
  void run() {
    try {
      look();
    } finally {
      made.forEach(Environment::close);
    }
  }

  private void look() {
    Player first;
    try {
      first = player(make(), seed);
    } catch (RuntimeException | LinkageError e) {
      bad(Rule.CREATED, e.toString());
      return;
    }
    good(Rule.CREATED);
    if (!spaces(first.environment())) {
      return;
    }
    var rows = new ArrayList<Row>();
    if (!plays(first, rows) || !actions()) {
      return;
    }
    ownMemory(rows);
    ends(rows);
    afterEnd();
    boolean same =
        repeats(Rule.DETERMINISTIC, player(make(), seed), rows)
            && beside(rows)
            && repeats(Rule.FORGETS, player(first.environment(), seed), rows);
    if (same) {
      states();
    }
    if (!isBad(Rule.REWARD)) {
      allocates();
    }
  }

  private Environment make() {
    Environment environment = source.create();
    made.add(environment);
    return environment;
  }

  private Player player(Environment environment, long seed) {
    return Player.of(environment, seed, source.timeLimit(), calls);
  }

  private boolean spaces(Environment environment) {
    Environment other = make();
    Space observations = environment.observationSpace();
    Space actions = environment.actionSpace();
    boolean constant =
        observations.equals(environment.observationSpace())
            && actions.equals(environment.actionSpace())
            && observations.equals(other.observationSpace())
            && actions.equals(other.actionSpace());
    return judge(Rule.SPACES, constant, "two calls gave spaces that differ");
  }

  private boolean plays(Player player, List<Row> rows) {
    Space space = player.environment().observationSpace();
    for (int i = 0; i < steps; i++) {
      Row row;
      try {
        row = player.next();
      } catch (WrongShapeException e) {
        bad(Rule.SHAPE, e.getMessage() + ", " + player.where(null));
        return false;
      } catch (RuntimeException | StackOverflowError | LinkageError | AssertionError e) {
        bad(Rule.THROWS, player.where(e));
        return false;
      }
      look(row, space, player);
      rows.add(row);
    }
    List.of(Rule.SHAPE, Rule.THROWS, Rule.FINITE, Rule.INSIDE, Rule.REWARD, Rule.RESET)
        .forEach(this::good);
    return !isBad(Rule.FINITE);
  }

  private void look(Row row, Space space, Player player) {
    String where = ", " + player.where(null);
    int bad = row.memory().firstNotFinite();
    if (bad >= 0) {
      float value = row.observation().at(bad);
      bad(Rule.FINITE, "number [" + bad + "] is [" + value + "] or wasn't written" + where);
    } else {
      String fault = space.fault(row.observation().toArray());
      if (!fault.isEmpty()) {
        bad(Rule.INSIDE, fault + where);
      }
    }
    if (!Double.isFinite(row.reward())) {
      bad(Rule.REWARD, "reward [" + row.reward() + "]" + where);
    }
    if (row.first() && (row.terminated() || row.truncated())) {
      bad(Rule.RESET, "the reset said that the episode is over" + where);
    }
  }

  /** Each choice, and each number of a box at, between and beyond its bounds. */
  private boolean actions() {
    Player player = player(make(), seed + 1);
    int rounds =
        switch (player.environment().actionSpace()) {
          case Space.Discrete discrete -> Math.min(discrete.count(), 10_000);
          case Space.MultiDiscrete many ->
              many.counts().stream().mapToInt(Integer::intValue).max().orElseThrow();
          case Space.Box _ -> 5;
        };
    for (int round = 0; round < rounds; round++) {
      try {
        player.reset();
        extreme(player, round);
        Row row = player.act();
        boolean rewarded = Double.isFinite(row.reward()) || isBad(Rule.REWARD);
        if (row.memory().firstNotFinite() >= 0 || !rewarded) {
          bad(Rule.ACTIONS, "action " + text(player) + " gave what isn't finite");
          return false;
        }
      } catch (RuntimeException | StackOverflowError | LinkageError | AssertionError e) {
        bad(Rule.ACTIONS, "action " + text(player) + " threw " + e);
        return false;
      }
    }
    return good(Rule.ACTIONS);
  }

  private static void extreme(Player player, int round) {
    int[] choices = player.actions().choices();
    float[] values = player.actions().values();
    switch (player.environment().actionSpace()) {
      case Space.Discrete _ -> choices[0] = round;
      case Space.MultiDiscrete many -> {
        for (int i = 0; i < choices.length; i++) {
          choices[i] = round % many.counts().get(i);
        }
      }
      case Space.Box box -> {
        for (int i = 0; i < values.length; i++) {
          float low = Math.max(box.low().at(i), -1e3f);
          float high = Math.min(box.high().at(i), 1e3f);
          values[i] = low + (high - low) * (round - 1) / 2;
        }
      }
    }
  }

  private static String text(Player player) {
    var numbers = new ArrayList<String>();
    for (int choice : player.actions().choices()) {
      numbers.add(Integer.toString(choice));
    }
    for (float value : player.actions().values()) {
      numbers.add(Float.toString(value));
    }
    return numbers.toString();
  }

  private void ownMemory(List<Row> rows) {
    for (Row row : rows) {
      if (!row.observation().equals(FloatArray.of(row.memory().observation()))) {
        bad(
            Rule.OWN_MEMORY,
            "the observation of step ["
                + row.step()
                + "] of episode ["
                + row.episode()
                + "] changed after that step");
        return;
      }
    }
    good(Rule.OWN_MEMORY);
  }

  private void ends(List<Row> rows) {
    boolean ended = rows.getLast().episode() > 0;
    if (ended || source.timeLimit() > 0) {
      good(Rule.ENDS);
    } else {
      note(Rule.ENDS, "no episode ended within [" + steps + "] steps, and there is no time limit");
    }
  }

  private void afterEnd() {
    Player player = player(make(), seed);
    boolean byItself = false;
    for (int i = 0; i < steps && !byItself; i++) {
      byItself = player.next().terminated();
    }
    if (!byItself) {
      good(Rule.AFTER_END);
      return;
    }
    try {
      Row beyond = player.act();
      if (beyond.terminated() || beyond.truncated()) {
        good(Rule.AFTER_END);
      } else {
        note(
            Rule.AFTER_END,
            "a step after the end neither throws nor says that the episode is over; Troupe never"
                + " takes one");
      }
    } catch (RuntimeException e) {
      good(Rule.AFTER_END);
    }
  }

  private boolean repeats(Rule rule, Player player, List<Row> rows) {
    for (Row row : rows) {
      Optional<String> difference = row.difference(player.next());
      if (difference.isPresent()) {
        return bad(rule, difference.get());
      }
    }
    return good(rule);
  }

  private boolean beside(List<Row> rows) {
    Player player = player(make(), seed);
    Player other = player(make(), seed + 1);
    for (Row row : rows) {
      other.next();
      Optional<String> difference = row.difference(player.next());
      if (difference.isPresent()) {
        return bad(Rule.ISOLATED, difference.get() + ", when another instance was played between");
      }
    }
    return good(Rule.ISOLATED);
  }

  private void states() {
    if (!player(make(), seed).environment().resumes()) {
      note(Rule.STATE_COMPLETE, "it can't be taken out: after a pause its episodes begin anew");
      return;
    }
    Player player = player(make(), seed + 2);
    for (int i = 0; i < STATES; i++) {
      for (int step = 0; step < 1 + steps / (4 * STATES); step++) {
        player.next();
      }
      if (!state(player)) {
        return;
      }
    }
    good(Rule.STATE_ENCODED);
    good(Rule.STATE_CONSTANT);
    good(Rule.STATE_COMPLETE);
  }

  private boolean state(Player player) {
    Environment environment = player.environment();
    PluginCodec codec;
    Object state = environment.state();
    PluginPayload before;
    try {
      codec = new PluginCodec(new PluginTypes("check", "1", environment.stateTypes()), LIMITS);
      before = codec.encode(state);
    } catch (PluginPayloadException | IllegalArgumentException e) {
      return bad(Rule.STATE_ENCODED, String.valueOf(e.getMessage()));
    }
    Player copy = player.continuedBy(make());
    try {
      copy.environment().restore(codec.decode(before));
    } catch (RuntimeException e) {
      return bad(Rule.STATE_COMPLETE, "restore threw " + e);
    }
    for (int i = 0; i < STEPS_AFTER_STATE; i++) {
      Optional<String> difference = player.next().difference(copy.next());
      if (!codec.encode(state).bytes().equals(before.bytes())) {
        return bad(Rule.STATE_CONSTANT, "it changed with the [" + (i + 1) + "]. step after it");
      }
      if (difference.isPresent()) {
        return bad(Rule.STATE_COMPLETE, difference.get());
      }
    }
    return true;
  }

  private void allocates() {
    try (var vector =
        new VectorEnvironment(source, 1, AutoresetMode.SAME_STEP, calls::incrementAndGet)) {
      var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      var policy = new Pcg64(seed);
      vector.reset(seed);
      long before = 0;
      for (int i = 0; i < 2 * ALLOCATION_STEPS; i++) {
        if (i == ALLOCATION_STEPS) {
          before = threads.getCurrentThreadAllocatedBytes();
        }
        vector.actions().sample(0, policy);
        vector.step();
      }
      long bytes = (threads.getCurrentThreadAllocatedBytes() - before) / ALLOCATION_STEPS;
      if (bytes < ALLOCATED_BYTES_NOTED) {
        good(Rule.ALLOCATES);
      } else {
        note(Rule.ALLOCATES, "a step allocates [" + bytes + "] bytes, which costs speed only");
      }
    }
  }

  private boolean judge(Rule rule, boolean isGood, String otherwise) {
    return isGood ? good(rule) : bad(rule, otherwise);
  }

  private boolean good(Rule rule) {
    found.putIfAbsent(rule, new Finding(rule, Verdict.GOOD, ""));
    return true;
  }

  private void note(Rule rule, String what) {
    found.putIfAbsent(rule, new Finding(rule, Verdict.NOTE, what));
  }

  /** Keeps the first of several. */
  private boolean bad(Rule rule, String what) {
    found.putIfAbsent(rule, new Finding(rule, Verdict.BAD, what));
    return false;
  }

  private boolean isBad(Rule rule) {
    return found.containsKey(rule) && found.get(rule).verdict() == Verdict.BAD;
  }
}
