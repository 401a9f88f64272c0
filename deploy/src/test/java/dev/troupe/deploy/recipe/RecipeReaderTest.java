package dev.troupe.deploy.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.troupe.protocol.run.CheckpointSpecification;
import dev.troupe.protocol.run.EvaluationSpecification;
import dev.troupe.protocol.run.LearnerSpecification;
import dev.troupe.protocol.run.ModelSpecification;
import dev.troupe.protocol.run.OptimizerSpecification;
import dev.troupe.protocol.run.ReplaySpecification;
import dev.troupe.protocol.run.RewardSpecification;
import dev.troupe.protocol.run.RunSpecification;
import dev.troupe.protocol.run.RuntimeSpecification;
import dev.troupe.protocol.run.SamplingSpecification;
import dev.troupe.protocol.run.SftSpecification;
import dev.troupe.protocol.run.StopSpecification;
import dev.troupe.protocol.run.TaskSpecification;
import dev.troupe.rollout.verify.plugin.PluginSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RecipeReaderTest {
  private static final String HELLO_SHA256 =
      "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

  @TempDir Path folder = Path.of("");

  private final RecipeReader reader = new RecipeReader(new Processor("test", false));

  @Test
  void fillsAnEmptyRecipeWithEveryDefault() throws IOException {
    Recipe recipe = read("");

    assertThat(recipe.specification())
        .isEqualTo(
            new RunSpecification(
                "test",
                1,
                new ModelSpecification(
                    128,
                    4,
                    4,
                    2,
                    32,
                    344,
                    64,
                    10_000,
                    1e-5,
                    true,
                    0.02,
                    new ModelSpecification.Tokenizer.Characters("0123456789+-="),
                    ""),
                new TaskSpecification.Sums(2, List.of("+"), true, false, 500),
                new SamplingSpecification(
                    1,
                    0,
                    1,
                    8,
                    List.of(),
                    256,
                    4,
                    SamplingSpecification.Switching.BETWEEN_EPISODES),
                new RewardSpecification(
                    "exact",
                    "1",
                    RewardSpecification.NO_SETTINGS,
                    Duration.ofSeconds(5),
                    1,
                    2,
                    4096,
                    3,
                    RewardSpecification.OnFailedMember.DROP_GROUP,
                    1000,
                    0.1,
                    Duration.ZERO,
                    RewardSpecification.PastBudget.PAUSE,
                    new RewardSpecification.Trial(0, 0.1, 1)),
                new ReplaySpecification(
                    64,
                    8,
                    2,
                    1,
                    ReplaySpecification.OnStraggler.DROP,
                    false,
                    ReplaySpecification.Orphans.ADMIT,
                    Duration.ofMinutes(1),
                    64L << 20,
                    ReplaySpecification.JournalRetain.ALL,
                    1L << 30),
                new SftSpecification(
                    0,
                    64,
                    new SftSpecification.Corpus.References(),
                    new OptimizerSpecification(
                        1e-3,
                        0.9,
                        0.95,
                        1e-8,
                        0.01,
                        20,
                        OptimizerSpecification.Schedule.CONSTANT,
                        0.1,
                        1)),
                new LearnerSpecification(
                    LearnerSpecification.Advantage.GRPO,
                    1,
                    "ppo-clip",
                    0.2,
                    0.28,
                    0,
                    LearnerSpecification.OldPolicy.BEHAVIOUR,
                    LearnerSpecification.Importance.NONE,
                    2,
                    LearnerSpecification.Kl.NONE,
                    0,
                    0,
                    LearnerSpecification.Aggregation.TOKEN_MEAN,
                    0,
                    1,
                    1,
                    256,
                    LearnerSpecification.Compute.FLOAT32,
                    10,
                    new OptimizerSpecification(
                        3e-4,
                        0.9,
                        0.95,
                        1e-8,
                        0,
                        5,
                        OptimizerSpecification.Schedule.CONSTANT,
                        0.1,
                        1)),
                new EvaluationSpecification(10, 500),
                new CheckpointSpecification(20, 3),
                new StopSpecification(100, 0, Duration.ZERO, 0, 0),
                new RuntimeSpecification(1, 1, "cpu", "cpu", Duration.ofSeconds(30), 1),
                Map.of()));
  }

  @Test
  void takesEveryKeyFromTheRecipeWhenAllAreSet() throws IOException {
    Files.writeString(folder.resolve("tasks.jsonl"), "hello");
    Files.writeString(folder.resolve("mine.py"), "hello");
    Files.writeString(folder.resolve("corpus.jsonl"), "hello");
    Files.createDirectories(folder.resolve("weights"));

    RunSpecification run = read(AllKeysSet.TEXT).specification();

    assertThat(run).isEqualTo(AllKeysSet.expected(folder, HELLO_SHA256));
    assertThat(read(AllKeysSet.TEXT).entries())
        .filteredOn(Recipe.Entry::isDefault)
        .extracting(Recipe.Entry::key)
        .containsExactlyInAnyOrder(
            "tasks.digits",
            "tasks.operations",
            "tasks.lowest-digit-first",
            "tasks.zero-padded",
            "sft.carries-forgotten",
            "model.alphabet",
            "sampling.top-k",
            "sampling.top-p",
            "learner.compute");
  }

  @Test
  void aTextNeedsNoQuotesAmongTheOptions() throws IOException {
    Recipe recipe =
        reader.read(
            write(""),
            List.of(
                "runtime.learner-device=cuda:0",
                "reward.version=1",
                "reward.time-limit=7 s",
                "model.tokenizer=\"bytes\""));

    RunSpecification run = recipe.specification();
    assertThat(run.runtime().learnerDevice()).isEqualTo("cuda:0");
    assertThat(run.reward().version()).isEqualTo("1");
    assertThat(run.reward().timeLimit()).isEqualTo(Duration.ofSeconds(7));
    assertThat(run.model().tokenizer()).isEqualTo(new ModelSpecification.Tokenizer.Bytes());
  }

  @Test
  void anOptionThatIsNoValueIsComparedWithWhatIsExpectedOfItsKey() {
    assertThat(refusal(() -> reader.read(write(""), List.of("stop.updates=cuda:0"))))
        .isEqualTo(
            "--set stop.updates=cuda:0: stop.updates: got [cuda:0], expected a whole number of at"
                + " least 0");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          learner.learning-rat = 1    | test.conf:1: learner.learning-rat: got [an unknown key], expected a known one; nearest: learner.learning-rate
          learner.hidden = 1          | nearest: model.hidden
          lerner { epochs = 1 }       | test.conf:1: lerner: got [an unknown key], expected a known one; nearest: learner
          model = 5                   | test.conf:1: model: got [5], expected a section
          model.hidden = wide         | test.conf:1: model.hidden: got [wide], expected a whole number from 1 to 65536
          model.hidden = 1.5          | model.hidden: got [1.5], expected a whole number
          model.hidden = 0            | model.hidden: got [0], expected a whole number from 1 to 65536
          model.hidden = "128"        | model.hidden: got [128], expected a whole number
          learner.discount = .5       | learner.discount: got [.5], expected a number from 0 to 1; a number begins with a digit: 0.5
          model.hidden = null         | model.hidden: got [null], expected a whole number
          model.tied = 1              | model.tied: got [1], expected true or false
          learner.learning-rate = 0   | learner.learning-rate: got [0], expected a number above 0 and at most 10
          learner.advantage = gpro    | learner.advantage: got [gpro], expected one of grpo, dr-grpo, rloo, reinforce-pp, reinforce-pp-baseline; nearest: grpo
          sampling.stop = [1]         | sampling.stop: got [[1]], expected a list of texts
          reward.time-limit = 5       | reward.time-limit: got [5], expected a duration with its unit
          reward.time-limit = 5 parsecs | reward.time-limit: got [5 parsecs], expected a duration
          replay.journal.segment = 1 KiB | replay.journal.segment: got [1 KiB], expected a size with its unit (KiB, MiB, GiB) of at least 65536 bytes
          runtime.learner-device = gpu | runtime.learner-device: got [gpu], expected cpu, or cuda:
          name = "a/b"                | name: got [a/b], expected a folder name
          model.alphabet = "0120"     | model.alphabet: got [0120], expected at least one character, each of them once
          model.hidden =              | test.conf
          a = ${b}                    | test.conf:1
          reward.verifier = exakt     | reward.verifier: got [exakt], expected one of code, cosine-length, exact,
          reward.verifier = exakt     | nearest: exact
          reward.version = "2"        | reward.version: got [2], expected version 1 of exact
          reward.settings = 5         | reward.settings: got [5], expected a section
          reward.settings.x = 1       | reward.settings.x: got [an unknown setting], expected a known one; there are none
          """)
  void refusesWhatIsWrongByItself(String line, String expected) {
    assertThat(refusal(line)).contains(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          model.kv-heads = 3                 | model.kv-heads: got [3], expected a divisor of model.heads [4]
          model.head-size = 31               | model.head-size: got [31], expected an even number
          model.positions = 12               | model.positions: got [12], expected at least 15
          model.alphabet = "0123"            | model.alphabet: got [0123], expected all of [0123456789=+]
          tasks.held-out = 6000              | tasks.held-out: got [6000], expected at most half of the [10000] problems
          tasks.source = jsonl               | tasks.file: got [], expected a file of tasks; tasks.source is jsonl
          tasks.answer-field = solution      | tasks.answer-field: got [solution], expected no value of its own; tasks.source = sums doesn't use it
          sft.carries-forgotten = 0.5        | sft.carries-forgotten: got [0.5], expected no value of its own; sft.corpus = references doesn't use it
          sampling.tokens-per-call = 9       | sampling.tokens-per-call: got [9], expected at most sampling.max-new-tokens [8]
          sampling.top-k = 5                 | sampling.top-k: got [5], expected 0; the learner can't train
          sampling.top-p = 0.9               | sampling.top-p: got [0.9], expected 1; the learner can't train
          replay.group-size = 1              | replay.group-size: got [1], expected at least 2
          replay.reuse = 4                   | replay.reuse: got [4], expected at most replay.max-policy-lag + 1 [3]
          learner.minibatches = 7            | learner.minibatches: got [7], expected a divisor of replay.groups x replay.group-size [512]
          learner.loss = other               | learner.loss: got [other], expected ppo-clip or a program file NAME.py
          learner.loss = missing.py          | learner.loss: got [missing.py], expected a file that can be read
          learner.kl-coefficient = 0.1       | learner.kl: got [none], expected k1, k2 or k3
          learner.dual-clip = 0.5            | learner.dual-clip: got [0.5], expected 0 (off) or a number above 1
          learner.aggregation = constant-length | learner.constant-length: got [0], expected at least 1
          learner.compute = bfloat16         | learner.compute: got [bfloat16], expected float32; this processor has no bfloat16
          learner.schedule = linear, stop { updates = 0, trajectories = 9 } | learner.schedule: got [linear], expected constant; a decaying schedule needs a known length: set stop.updates
          stop.updates = 0                   | stop.updates: got [0], expected at least 1; no other condition
          """)
  void refusesWhatIsImpossibleTogether(String line, String expected) {
    assertThat(refusal(line)).contains(expected);
  }

  @Test
  void settingsOfTheVerifierAreBoundAndEveryDefaultIsWrittenOut() throws IOException {
    Recipe recipe =
        reader.read(
            write("reward { verifier = tags, settings { tags = [a] } }"),
            List.of("reward.settings.partial=true"));

    assertThat(recipe.specification().reward().settings())
        .isEqualTo("{\"outside\":true,\"partial\":true,\"tags\":[\"a\"]}");
    assertThat(reader.read(write(""), List.of()).specification().reward().settings())
        .isEqualTo("{}");
  }

  @Test
  void whatIsWrongWithSettingsIsSaidWithItsLine() {
    assertThat(
            refusal(
                """
                reward.verifier = sum
                reward.settings.members = [
                  { verifier = gsm8k, settings { extract = strikt } }
                  { verifier = regex, weigth = 2 }
                ]
                """))
        .isEqualTo(
            """
            %1$s:4: reward.settings.members.1.weigth: got [an unknown setting], expected a known one; nearest: weight\
            """
                .formatted(Origins.shortened(folder.resolve("test.conf"))));
    assertThat(
            refusal(
                """
                reward.verifier = sum
                reward.settings.members = [
                  { verifier = gsm8k, settings { extract = strikt } }
                ]
                """))
        .contains(
            "test.conf:3: reward.settings.members.0.settings.extract: got [strikt], expected one of"
                + " last-number, strict, flexible; nearest: strict");
  }

  @Test
  void tellsEverythingThatIsWrongAtOnce() {
    assertThat(refusal("model.hidden = 0\nmodel.layers = 0\nseed = x").lines())
        .hasSize(3)
        .anyMatch(line -> line.contains("test.conf:2: model.layers"));
  }

  @Test
  void allowsBfloat16WhereTheProcessorHasIt() throws IOException {
    Path file = write("learner.compute = bfloat16");

    Recipe recipe = new RecipeReader(new Processor("test", true)).read(file, List.of());

    assertThat(recipe.specification().learner().compute())
        .isEqualTo(LearnerSpecification.Compute.BFLOAT16);
  }

  @Test
  void optionsBeatTheRecipeAndAreCheckedTheSameWay() throws IOException {
    Path file = write("model.hidden = 64");

    Recipe recipe = reader.read(file, List.of("model.hidden=96", "seed=7"));

    assertThat(recipe.specification().model().hidden()).isEqualTo(96);
    assertThat(recipe.specification().seed()).isEqualTo(7);
    assertThat(refusal(() -> reader.read(file, List.of("model.hiden=96"))))
        .isEqualTo(
            "--set model.hiden=96: model.hiden: got [an unknown key], expected a known one;"
                + " nearest: model.hidden");
    assertThat(refusal(() -> reader.read(file, List.of("nonsense"))))
        .isEqualTo("--set: got [nonsense], expected KEY=VALUE, like learner.learning-rate=1e-4");
  }

  @Test
  void tellsWhereEachValueCameFrom() throws IOException {
    Recipe recipe = reader.read(write("\nmodel.hidden = 64"), List.of("seed=7"));

    assertThat(recipe.entries())
        .filteredOn(entry -> entry.key().equals("model.hidden"))
        .singleElement()
        .satisfies(entry -> assertThat(entry.where()).endsWith("test.conf:2"));
    assertThat(recipe.entries())
        .filteredOn(entry -> entry.key().equals("seed"))
        .singleElement()
        .extracting(Recipe.Entry::where)
        .isEqualTo("--set seed=7");
  }

  @Test
  void aMissingRecipeIsRefused() {
    assertThat(refusal(() -> reader.read(folder.resolve("none.conf"), List.of())))
        .contains("none.conf: got [no such file], expected a recipe; ./troupe recipes lists them");
  }

  @Test
  void theResolvedRecipeReadsBackAsTheSameRun() throws IOException {
    Files.writeString(folder.resolve("tasks.jsonl"), "hello");
    Files.writeString(folder.resolve("mine.py"), "hello");
    Files.writeString(folder.resolve("corpus.jsonl"), "hello");
    Files.createDirectories(folder.resolve("weights"));
    Recipe recipe = read(AllKeysSet.TEXT);
    Path run = folder.resolve("run");

    recipe.writeTo(run);
    Recipe again = reader.readRun(run, List.of());

    assertThat(again.specification()).isEqualTo(recipe.specification());
    assertThat(again.files().apply("tasks.jsonl")).hasContent("hello");
    assertThat(again.files().apply("tasks.jsonl").getFileName()).hasToString(HELLO_SHA256);
    assertThat(again.text()).isEqualTo(recipe.text()).contains("# Transformer blocks.");
  }

  @Test
  void aVerifiersPythonIsReadWithTheRecipeAndKept() throws IOException {
    Path file = Files.writeString(folder.resolve("mine.py"), "def verify(task, completion): 1");
    String members =
        "reward { verifier = sum, settings.members ="
            + " [{ verifier = exact }, { verifier = python, settings.file = mine.py }] }";
    for (String text : List.of("reward { verifier = python, settings.file = mine.py }", members)) {
      Files.writeString(file, "def verify(task, completion): 1");
      Recipe recipe = read(text);
      assertThat(recipe.specification().reward().settings()).contains("completion): 1");
      recipe.writeTo(folder.resolve("run"));
      Files.writeString(file, "def verify(task, completion): 2");
      Recipe again = reader.readRun(folder.resolve("run"), List.of());
      assertThat(again.specification()).isEqualTo(recipe.specification());
    }
    Files.delete(file);
    assertThatThrownBy(() -> read(members))
        .hasMessageContaining("reward.settings.file: got [mine.py], expected a file that can be");
  }

  @Test
  void aPluginsJarIsReadWithTheRecipe() throws IOException {
    Files.writeString(folder.resolve("mine.jar"), "no jar");
    String text = "reward { verifier = java, settings.jar = mine.jar }";
    assertThatThrownBy(() -> read(text))
        .hasMessageContaining("test.conf:1")
        .hasMessageContaining("reward.settings.jar: got [mine.jar], expected a jar with a verifier")
        .hasMessageContaining("[mine.jar] isn't a jar");
    Files.write(folder.resolve("mine.jar"), new byte[PluginSettings.BYTES_MAX + 1]);
    assertThatThrownBy(() -> read(text))
        .hasMessageContaining("it has [98305] bytes, and travels with the settings");
  }

  private Recipe read(String text) throws IOException {
    return reader.read(write(text), List.of());
  }

  private Path write(String text) throws IOException {
    return Files.writeString(folder.resolve("test.conf"), text);
  }

  private String refusal(String text) {
    return refusal(() -> read(text));
  }

  static String refusal(ThrowingCallable reading) {
    RecipeException refused = catchThrowableOfType(RecipeException.class, reading);
    assertThat(refused).isNotNull();
    return String.valueOf(refused.getMessage());
  }
}
