package dev.troupe.deploy.recipe;

import com.google.gson.JsonObject;
import dev.troupe.protocol.run.CheckpointSpecification;
import dev.troupe.protocol.run.ControlRun;
import dev.troupe.protocol.run.EvaluationSpecification;
import dev.troupe.protocol.run.LearnerSpecification;
import dev.troupe.protocol.run.ModelSpecification;
import dev.troupe.protocol.run.OptimizerSpecification;
import dev.troupe.protocol.run.ReplaySpecification;
import dev.troupe.protocol.run.RewardSpecification;
import dev.troupe.protocol.run.RopeScaling;
import dev.troupe.protocol.run.RunSpecification;
import dev.troupe.protocol.run.RuntimeSpecification;
import dev.troupe.protocol.run.SamplingSpecification;
import dev.troupe.protocol.run.SftSpecification;
import dev.troupe.protocol.run.StopSpecification;
import dev.troupe.protocol.run.TaskSpecification;
import dev.troupe.rollout.verify.UnknownVerifierException;
import dev.troupe.rollout.verify.Verifiers;
import dev.troupe.rollout.verify.settings.BadSettingsException;
import dev.troupe.rollout.verify.settings.SettingProblem;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Pattern;

/**
 * Turns the keys of a recipe into a {@link RunSpecification}: the only place where a key's name
 * meets the field that holds it. Each key has its type and range here; what two keys together must
 * obey stands in {@link Combinations}.
 */
final class Binder {
  private static final String SETTINGS = "reward.settings";
  private static final int MANY = 1 << 30;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
  private static final Pattern DEVICE = Pattern.compile("cpu|cuda:[0-9]+");

  private final Values values;

  private Binder(Values values) {
    this.values = values;
  }

  /** Binds; problems are left in {@code values}. */
  static RunSpecification bind(Values values, String fileName, Map<String, String> files) {
    return new Binder(values).run(fileName, files);
  }

  private RunSpecification run(String fileName, Map<String, String> files) {
    return new RunSpecification(
        name(fileName),
        values.integer("seed", 0, Long.MAX_VALUE),
        model(),
        tasks(),
        sampling(),
        reward(),
        replay(),
        sft(),
        learner(),
        new EvaluationSpecification(
            values.integer("evaluation.every", 0, MANY),
            plays()
                ? values.integer("evaluation.episodes", 1, 1 << 16)
                : values.integer("evaluation.tasks-max", 1, MANY)),
        new CheckpointSpecification(
            values.integer("checkpoints.every", 1, MANY),
            values.integer("checkpoints.keep", 1, MANY)),
        stop(),
        runtime(),
        files,
        control());
  }

  private boolean plays() {
    return values.kind() == Kind.ENVIRONMENTS;
  }

  private Optional<ControlRun> control() {
    return plays() ? new ControlBinder(values).bind() : Optional.empty();
  }

  private String name(String fileName) {
    String name = values.text("name");
    if (name.isEmpty()) {
      return fileName.replaceFirst("\\.conf$", "").replaceAll("[^A-Za-z0-9._-]", "-");
    }
    if (!NAME.matcher(name).matches()) {
      values.add("name", "a folder name of letters, digits, dots, dashes and underscores", "");
    }
    return name;
  }

  private ModelSpecification model() {
    int heads = values.integer("model.heads", 1, 1_024);
    return new ModelSpecification(
        values.integer("model.hidden", 1, 65_536),
        values.integer("model.layers", 1, 1_024),
        heads,
        kvHeads(heads),
        headSize(),
        values.integer("model.feed-forward", 1, 1 << 20),
        values.integer("model.positions", 2, 1 << 20),
        values.numberAbove("model.rope-theta", 0, 1e12),
        values.numberAbove("model.norm-epsilon", 0, 1),
        values.flag("model.tied"),
        values.numberAbove("model.init-std", 0, 10),
        tokenizer(),
        values.text("model.init-from"),
        values.flag("model.attention-bias"),
        values.flag("model.feed-forward-bias"),
        ropeScaling());
  }

  private RopeScaling ropeScaling() {
    String section = "model.rope-scaling.";
    double factor = values.number(section + "factor", 1, 1e6);
    double low = values.numberAbove(section + "low-frequency", 0, 1e6);
    double high = values.numberAbove(section + "high-frequency", 0, 1e6);
    int positions = values.integer(section + "positions", 1, 1 << 20);
    if (high <= low) {
      values.add(section + "high-frequency", "more than low-frequency = " + low, "");
      return RopeScaling.NONE;
    }
    return new RopeScaling(factor, low, high, positions);
  }

  private int kvHeads(int heads) {
    int kvHeads = values.integer("model.kv-heads", 1, 1_024);
    if (heads % kvHeads == 0) {
      return kvHeads;
    }
    values.add(
        "model.kv-heads",
        "a divisor of model.heads [" + heads + "]",
        "every key/value head serves the same number of query heads");
    return heads;
  }

  private int headSize() {
    int headSize = values.integer("model.head-size", 2, 1_024);
    if (headSize % 2 == 0) {
      return headSize;
    }
    values.add("model.head-size", "an even number", "rotary positions turn pairs");
    return headSize + 1;
  }

  private ModelSpecification.Tokenizer tokenizer() {
    String alphabet = values.text("model.alphabet");
    if (values.choice("model.tokenizer", List.of("characters", "bytes")).equals("bytes")) {
      return new ModelSpecification.Tokenizer.Bytes();
    }
    if (alphabet.isEmpty() || alphabet.codePoints().distinct().count() < alphabet.length()) {
      values.add("model.alphabet", "at least one character, each of them once", "");
      return new ModelSpecification.Tokenizer.Bytes();
    }
    return new ModelSpecification.Tokenizer.Characters(alphabet);
  }

  private TaskSpecification tasks() {
    int heldOut = values.integer("tasks.held-out", 1, MANY);
    int digits = values.integer("tasks.digits", 1, 9);
    List<String> operations = values.texts("tasks.operations");
    boolean lowestDigitFirst = values.flag("tasks.lowest-digit-first");
    boolean zeroPadded = values.flag("tasks.zero-padded");
    String file = values.text("tasks.file");
    String template = values.text("tasks.prompt-template");
    String answer = values.text("tasks.answer-field");
    String difficulty = values.text("tasks.difficulty-field");
    if (values.choice("tasks.source", List.of("sums", "jsonl")).equals("jsonl")) {
      file = named("tasks.file", file, "a file of tasks", "tasks.source is jsonl");
      return new TaskSpecification.Jsonl(file, template, answer, difficulty, heldOut);
    }
    boolean known = operations.stream().allMatch(List.of("+", "-")::contains);
    if (operations.isEmpty()
        || !known
        || operations.size() > operations.stream().distinct().count()) {
      values.add("tasks.operations", "a list of \"+\", \"-\" or both", "");
      operations = List.of("+");
    }
    return new TaskSpecification.Sums(digits, operations, lowestDigitFirst, zeroPadded, heldOut);
  }

  private String named(String key, String value, String expected, String why) {
    if (!value.isBlank()) {
      return value;
    }
    values.add(key, expected, why);
    return "none";
  }

  private SamplingSpecification sampling() {
    List<String> stop = values.texts("sampling.stop");
    if (stop.contains("")) {
      values.add("sampling.stop", "texts of at least one character", "");
      stop = List.of();
    }
    return new SamplingSpecification(
        values.numberAbove("sampling.temperature", 0, 100),
        values.integer("sampling.top-k", 0, MANY),
        values.numberAbove("sampling.top-p", 0, 1),
        values.integer("sampling.max-new-tokens", 1, 1 << 20),
        stop,
        values.integer("sampling.lanes", 1, 1 << 16),
        values.integer("sampling.tokens-per-call", 1, 1 << 16),
        values.choice("sampling.switching", SamplingSpecification.Switching.class));
  }

  private RewardSpecification reward() {
    String verifier =
        named("reward.verifier", values.text("reward.verifier"), "the name of a verifier", "");
    String version = values.text("reward.version");
    return new RewardSpecification(
        verifier,
        version,
        plays() ? RewardSpecification.NO_SETTINGS : settings(verifier, version),
        values.duration("reward.time-limit", Duration.ofMillis(1)),
        values.integer("reward.actors", 1, 1_024),
        values.integer("reward.workers", 1, 4_096),
        values.integer("reward.queue-max", 1, MANY),
        values.integer("reward.attempts-max", 1, 100),
        values.choice("reward.on-failed-member", RewardSpecification.OnFailedMember.class),
        values.integer(judge() + ".failure-budget", 0, Long.MAX_VALUE),
        values.number(judge() + ".failure-budget-share", 0, 1),
        values.duration("reward.artificial-delay", Duration.ZERO),
        plays()
            ? RewardSpecification.PastBudget.FAIL
            : values.choice("reward.past-budget", RewardSpecification.PastBudget.class),
        new RewardSpecification.Trial(
            values.integer("reward.trial.trajectories", 0, 1 << 24),
            values.number("reward.trial.max-failure-rate", 0, 1),
            values.number("reward.trial.max-disagreement", 0, 1)));
  }

  /** Every setting of the verifier, its defaults written out. */
  private String settings(String verifier, String version) {
    JsonObject written = values.json(SETTINGS);
    try {
      return Verifiers.resolve(verifier, version, written);
    } catch (UnknownVerifierException e) {
      values.add(e.isVersion() ? "reward.version" : "reward.verifier", e.expected(), e.hint());
    } catch (BadSettingsException e) {
      for (SettingProblem problem : e.problems()) {
        values.addWithin(
            SETTINGS, problem.path(), problem.got(), problem.expected(), problem.hint());
      }
    }
    return RewardSpecification.NO_SETTINGS;
  }

  /** In environments the reward comes with the steps. */
  private String judge() {
    return plays() ? "environment" : "reward";
  }

  /** A fragment is a group of one. */
  private ReplaySpecification replay() {
    return new ReplaySpecification(
        plays()
            ? values.integer("environment.fragments", 1, 1 << 16)
            : values.integer("replay.groups", 1, 1 << 20),
        plays() ? 1 : values.integer("replay.group-size", 1, 1 << 16),
        plays() && values.flag("adjustment.overlap")
            ? 1
            : values.integer("replay.max-policy-lag", 0, 1_000_000),
        values.integer("replay.reuse", 1, 1_000),
        values.choice("replay.on-straggler", ReplaySpecification.OnStraggler.class),
        values.flag("replay.filter-uniform"),
        values.choice("replay.orphans", ReplaySpecification.Orphans.class),
        values.duration("replay.lease-limit", Duration.ofMillis(100)),
        values.bytes("replay.journal.segment", 1 << 16),
        values.choice("replay.journal.retain", ReplaySpecification.JournalRetain.class),
        values.bytes("replay.journal.free-disk-min", 0));
  }

  private SftSpecification sft() {
    double forgotten = values.number("sft.carries-forgotten", 0, 1);
    String file = values.text("sft.file");
    String kind = values.choice("sft.corpus", List.of("references", "generated", "jsonl"));
    SftSpecification.Corpus corpus =
        switch (kind) {
          case "generated" -> new SftSpecification.Corpus.Generated(forgotten);
          case "jsonl" ->
              new SftSpecification.Corpus.Jsonl(
                  named("sft.file", file, "a file of examples", "sft.corpus is jsonl"));
          default -> new SftSpecification.Corpus.References();
        };
    return new SftSpecification(
        values.integer("sft.steps", 0, MANY),
        values.integer("sft.batch", 1, 1 << 20),
        corpus,
        optimizer("sft"));
  }

  private LearnerSpecification learner() {
    var aggregation = values.choice("learner.aggregation", LearnerSpecification.Aggregation.class);
    return new LearnerSpecification(
        values.choice("learner.advantage", LearnerSpecification.Advantage.class),
        values.number("learner.discount", 0, 1),
        named("learner.loss", values.text("learner.loss"), "ppo-clip or a program file", ""),
        values.numberAbove("learner.clip-low", 0, 1),
        values.numberAbove("learner.clip-high", 0, 1_000),
        dualClip(),
        values.choice("learner.old-policy", LearnerSpecification.OldPolicy.class),
        values.choice("learner.importance", LearnerSpecification.Importance.class),
        values.numberAbove("learner.importance-cap", 0, 1e6),
        values.choice("learner.kl", LearnerSpecification.Kl.class),
        values.number("learner.kl-coefficient", 0, 1_000),
        values.number("learner.entropy-coefficient", 0, 1_000),
        aggregation,
        constantLength(aggregation),
        values.integer("learner.epochs", 1, 1_000),
        values.integer("learner.minibatches", 1, 1 << 16),
        values.integer("learner.micro-batch", 1, 1 << 20),
        values.choice("learner.compute", LearnerSpecification.Compute.class),
        values.integer("learner.non-finite-budget", 0, MANY),
        optimizer("learner"));
  }

  private double dualClip() {
    double dualClip = values.number("learner.dual-clip", 0, 1_000);
    if (dualClip == 0 || dualClip > 1) {
      return dualClip;
    }
    values.add("learner.dual-clip", "0 (off) or a number above 1", "");
    return 0;
  }

  private int constantLength(LearnerSpecification.Aggregation aggregation) {
    int length = values.integer("learner.constant-length", 0, 1 << 20);
    if (aggregation != LearnerSpecification.Aggregation.CONSTANT_LENGTH || length > 0) {
      return length;
    }
    values.add("learner.constant-length", "at least 1", "learner.aggregation is constant-length");
    return 1;
  }

  private OptimizerSpecification optimizer(String section) {
    return new OptimizerSpecification(
        values.numberAbove(section + ".learning-rate", 0, 10),
        values.number(section + ".beta1", 0, 0.999999),
        values.number(section + ".beta2", 0, 0.999999999),
        values.numberAbove(section + ".epsilon", 0, 1),
        values.number(section + ".weight-decay", 0, 10),
        values.integer(section + ".warmup-steps", 0, MANY),
        values.choice(section + ".schedule", OptimizerSpecification.Schedule.class),
        values.number(section + ".minimum-share", 0, 1),
        values.number(section + ".clip-norm", 0, 1e9));
  }

  private StopSpecification stop() {
    return new StopSpecification(
        updates(),
        values.integer("stop.trajectories", 0, Long.MAX_VALUE),
        values.duration("stop.wall-time", Duration.ZERO),
        values.number("stop.accuracy", 0, 1),
        values.integer("stop.evaluations-without-improvement", 0, MANY),
        plays() ? values.numberOrNone("stop.mean-return") : OptionalDouble.empty());
  }

  /** Steps are counted in whole updates. */
  private long updates() {
    long updates = values.integer("stop.updates", 0, Long.MAX_VALUE);
    long steps = values.integer("stop.steps", 0, Long.MAX_VALUE);
    if (!plays() || steps == 0) {
      return updates;
    }
    long batch =
        (long) values.integer("environment.count", 1, MANY)
            * values.integer("environment.steps", 1, MANY)
            * values.integer("environment.fragments", 1, MANY);
    long needed = Math.ceilDiv(steps, batch);
    return updates == 0 ? needed : Math.min(updates, needed);
  }

  private RuntimeSpecification runtime() {
    return new RuntimeSpecification(
        values.integer("runtime.rollout-actors", 1, 1_024),
        values.integer("runtime.learner-threads", 1, 1_024),
        device("runtime.sampler-device"),
        device("runtime.learner-device"),
        values.duration("runtime.stall-after", Duration.ofSeconds(1)),
        values.number("runtime.share", 0.001, 1_000));
  }

  private String device(String key) {
    String device = values.text(key);
    if (!DEVICE.matcher(device).matches()) {
      values.add(key, "cpu, or cuda: and a number like cuda:0", "./troupe doctor lists devices");
    }
    return device;
  }
}
