package dev.troupe.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import dev.troupe.deploy.terminal.Console;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands as people type them, on one small run that the first of them trained. */
@Timeout(120)
final class TypedCommandsTest {
  private static final String RECIPE =
      """
      name = tiny
      seed = 11
      model {
        hidden = 32, layers = 1, heads = 2, kv-heads = 1, head-size = 16, feed-forward = 64
        positions = 16, init-std = 0.1, alphabet = "0123456789+="
      }
      sampling { max-new-tokens = 4, tokens-per-call = 2, lanes = 8 }
      reward.workers = 1
      replay { groups = 4, group-size = 4, journal.free-disk-min = 1 MiB }
      tasks { digits = 1, held-out = 10 }
      sft { corpus = generated, steps = 60, batch = 32, learning-rate = 1e-2, warmup-steps = 2 }
      learner { learning-rate = 1e-3, micro-batch = 16 }
      evaluation { every = 2, tasks-max = 10 }
      checkpoints { every = 2, keep = 2 }
      stop.updates = 4
      """;

  @TempDir private static Path shared = Path.of("");
  @TempDir private Path folder = Path.of("");

  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final ByteArrayOutputStream complained = new ByteArrayOutputStream();

  @BeforeAll
  static void trains() throws IOException {
    Path recipe = Files.writeString(shared.resolve("tiny.conf"), RECIPE);
    TypedCommandsTest first = new TypedCommandsTest();
    int code = first.run("train", recipe.toString(), "--run", theRun(), "--no-page");

    assertThat(code).as(first.complained()).isEqualTo(ExitCode.DONE);
    assertThat(first.said()).contains("accuracy    ");
  }

  @Test
  void evalTellsAccuracyAndShowsWrongAnswers() {
    done("eval", theRun(), "--tasks", "4", "--wrong", "2");

    assertThat(said()).containsPattern("accuracy [0-9.]+% of 4 held-out tasks, by step 64 of ");
    assertThat(wrongAnswers()).isLessThanOrEqualTo(2);
  }

  @Test
  void evalTakesAnEarlierCheckpointAndNamesThoseThatAreThere() {
    done("eval", theRun(), "--checkpoint", "62");
    assertThat(said()).contains("by step 62 of ");

    refused("eval", theRun(), "--checkpoint", "999");
    assertThat(complained()).contains("keeps no checkpoint of step [999], only of ").contains("64");
  }

  @Test
  void sampleAnswersAPromptGreedilyAndBySampling() {
    done("sample", theRun(), "--prompt", "1+2=", "--count", "2");

    List<String> lines = said().lines().filter(line -> line.contains("log-prob")).toList();
    assertThat(lines).hasSize(3);
    assertThat(lines.getFirst()).startsWith("greedy  1+2=").containsPattern("log-prob +-?[0-9.]+");
    assertThat(lines.subList(1, 3)).allSatisfy(line -> assertThat(line).startsWith("drawn   1+2="));
  }

  @Test
  void sampleAnswersEachLineOfItsInputAndGoesOnAfterOneThatItCannotRead() {
    InputStream before = System.in;
    try {
      System.setIn(
          new ByteArrayInputStream("1+2=\nwhat?\n3+4=\n".getBytes(StandardCharsets.UTF_8)));
      done("sample", theRun(), "--count", "0");
    } finally {
      System.setIn(before);
    }

    assertThat(said().lines().filter(line -> line.startsWith("greedy")))
        .satisfiesExactly(
            line -> assertThat(line).contains("1+2="), line -> assertThat(line).contains("3+4="));
    assertThat(complained()).contains("[w]");
  }

  @Test
  void sampleRefusesAPromptThatTheNetworkCannotRead() {
    refused("sample", theRun(), "--prompt", "what?");
    assertThat(complained()).contains("[w]");

    refused("sample", theRun(), "--prompt", "1+2+3+4+5+6+7+8+9+0=");
    assertThat(complained()).contains("[16]");
  }

  @Test
  void exportWritesAFolderThatOtherCommandsTake() throws IOException {
    Path exported = folder.resolve("exported");
    done("export", theRun(), exported.toString());

    assertThat(said())
        .contains("model.safetensors", "config.json", "tokenizer.json", "tokenizer_config.json");
    String config = Files.readString(exported.resolve("config.json"));
    assertThat(JsonParser.parseString(config).getAsJsonObject().get("hidden_size").getAsInt())
        .isEqualTo(32);

    done("eval", exported.toString());
    String byExport = accuracy();
    done("eval", theRun());
    assertThat(byExport).isEqualTo(accuracy());

    refused("export", theRun(), exported.toString());
    assertThat(complained()).contains("is not empty; export into a new folder");
  }

  @Test
  void exportIntoAFileIsRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "mine");

    refused("export", theRun(), file.toString());
    assertThat(complained()).contains("[" + file + "] is a file");
    assertThat(file).hasContent("mine");
  }

  @Test
  void anExportedPolicyHasNoCheckpointsToChooseFrom() {
    Path exported = folder.resolve("exported");
    done("export", theRun(), exported.toString());

    refused("eval", exported.toString(), "--checkpoint", "64");
    assertThat(complained()).contains("has no checkpoints").contains("--checkpoint");
  }

  @Test
  void damagedWeightsAreNamedWithWhatIsWrong() throws IOException {
    Path exported = folder.resolve("exported");
    done("export", theRun(), exported.toString());
    Path weights = exported.resolve("model.safetensors");
    byte[] whole = Files.readAllBytes(weights);
    Files.write(weights, java.util.Arrays.copyOf(whole, whole.length - 100));

    assertThat(run("eval", exported.toString())).isEqualTo(ExitCode.FAILED);
    assertThat(complained()).contains("model.safetensors").doesNotContain("defect");
  }

  @Test
  void statusAuditAndReplayTellOfAFinishedRun() {
    done("status", theRun());
    assertThat(said())
        .contains("tiny: finished: it made the [4] updates", "64 consumed", "the law holds");

    done("audit", theRun(), "--details");
    assertThat(said())
        .contains("The books are in order")
        .contains("batches  [4] with [64] (trajectory, update) pairs");

    done("replay", theRun());
    assertThat(said()).contains("proven").contains("bit-equal").contains("step 64 of 64");
  }

  @Test
  void weightsOfAnotherNetworkAreRefusedBeforeTheRunBegins() {
    Path exported = folder.resolve("exported");
    done("export", theRun(), exported.toString());
    Path run = folder.resolve("second");

    refused(
        "train",
        shared.resolve("tiny.conf").toString(),
        "--run=" + run,
        "--no-page",
        "--set=model.init-from=" + exported,
        "--set=model.rope-theta=500000");
    assertThat(complained())
        .contains("model.rope-theta is [500000.0], its config.json says [10000.0]");
    assertThat(run.resolve("journal")).doesNotExist();

    done(
        "train",
        shared.resolve("tiny.conf").toString(),
        "--run=" + run,
        "--no-page",
        "--set=model.init-from=" + exported,
        "--set=sft.steps=0",
        "--set=stop.updates=1");
  }

  @Test
  void trainingAFinishedRunAgainIsRefusedAndResumingSaysHowToGoOn() {
    refused("train", shared.resolve("tiny.conf").toString(), "--run", theRun());
    assertThat(complained()).contains("holds a run already");

    done("train", theRun(), "--resume", "--no-page");
    assertThat(said()).contains("is finished: it made the [4] updates").contains("stop.updates=8");
  }

  @Test
  void doctorSaysWhetherThisMachineCanTrain() {
    int code = run("doctor");

    assertThat(said()).contains("JDK", "processor cores", "memory", "libtorch", "devices", "cpu");
    assertThat(code).as(said()).isEqualTo(ExitCode.DONE);
    assertThat(said()).endsWith("This machine can train.\n");
  }

  @Test
  void recipesListsThoseAtHandAndEveryKey() {
    String before = System.getProperty("troupe.home");
    try {
      System.setProperty("troupe.home", Path.of("..").toAbsolutePath().toString());
      done("recipes");
      assertThat(said()).contains("recipes/sums.conf").contains("./troupe explain RECIPE");
      System.setProperty("troupe.home", folder.toString());
      assertThat(run("recipes")).isEqualTo(ExitCode.FAILED);
      assertThat(complained()).contains("no recipe (*.conf) in [" + folder);
    } finally {
      if (before == null) {
        System.clearProperty("troupe.home");
      } else {
        System.setProperty("troupe.home", before);
      }
    }

    done("recipes", "--keys");
    assertThat(said()).contains("learning-rate = ").contains("max-policy-lag = ");
  }

  @Test
  void explainShowsWhatARunDirectoryWasStartedWith() {
    done("explain", theRun() + "/recipe.conf", "--changed");
    assertThat(said()).contains("sft.steps").contains("parameters");
  }

  @Test
  void benchMeasuresTheJournalAndSaysTheTarget() {
    done("bench", "journal");
    assertThat(said())
        .contains("target: 20 k records/s; at its start: ")
        .containsPattern("journal +[0-9.]+ k? ?records of [0-9.]+ [kK]i?B a second");
  }

  @Test
  void anUnknownBenchIsRefusedWithThoseThatAre() {
    refused("bench", "journals");
    assertThat(complained()).contains("journals").containsIgnoringCase("decode");
  }

  @ParameterizedTest
  @ValueSource(strings = {"eval", "sample", "audit", "replay", "status"})
  void aRunThatIsNotThereIsNamed(String command) throws IOException {
    String missing = folder.resolve("nothing").toString();
    refused(command, missing);
    assertThat(complained()).contains("[" + missing + "]");

    String empty = Files.createDirectories(folder.resolve("empty")).toString();
    refused(command, empty);
    assertThat(complained()).contains("[" + empty + "]").contains("recipe.conf");

    String file = Files.writeString(folder.resolve("file"), "x").toString();
    refused(command, file);
    assertThat(complained()).contains("[" + file + "]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"eval", "sample"})
  void aRunWithoutACheckpointIsNamed(String command) throws IOException {
    Path run = Files.createDirectories(folder.resolve("run"));
    Files.copy(Path.of(theRun()).resolve("recipe.conf"), run.resolve("recipe.conf"));

    refused(command, run.toString());
    assertThat(complained()).contains("the run in [" + run + "] has no checkpoint yet");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "eval RUN --tasks -1",
        "eval RUN --tasks many",
        "eval RUN --wrong -1",
        "sample RUN --prompt 1+2= --count -1",
        "sample RUN --prompt 1+2= --set sampling.temprature=1",
        "eval RUN --set model.hidden=64",
        "export RUN",
        "eval",
        "bench env --python /nowhere/python",
        "doctor now",
        "explain nowhere.conf"
      })
  void hostileArgumentsAreRefusedInOneMessage(String typed) {
    refused(typed.replace("RUN", theRun()).split(" "));
    assertThat(complained()).startsWith("troupe: ").doesNotContain("\tat ", "Exception", "null");
  }

  @Test
  void aRunsDamagedRecipeIsNamedWithItsLine() throws IOException {
    Path run = Files.createDirectories(folder.resolve("run"));
    Files.writeString(run.resolve("recipe.conf"), "seed = 1\nmodel.hiden = 3\n");

    for (String command : List.of("eval", "audit", "replay", "status")) {
      refused(command, run.toString());
      assertThat(complained()).contains("recipe.conf:2: model.hiden: got [an unknown key]");
    }
  }

  private static String theRun() {
    return shared.resolve("run").toString();
  }

  private String accuracy() {
    return said()
        .lines()
        .filter(line -> line.startsWith("accuracy"))
        .findFirst()
        .orElseThrow()
        .replaceAll(", by.*", "");
  }

  private long wrongAnswers() {
    return said()
        .lines()
        .dropWhile(line -> !line.startsWith("wrong answers:"))
        .filter(line -> line.contains("="))
        .count();
  }

  private void done(String... arguments) {
    assertThat(run(arguments)).as(complained() + said()).isEqualTo(ExitCode.DONE);
  }

  private void refused(String... arguments) {
    assertThat(run(arguments)).as(complained() + said()).isEqualTo(ExitCode.REFUSED);
  }

  /** What earlier commands of the test said is forgotten. */
  private int run(String... arguments) {
    said.reset();
    complained.reset();
    return TroupeCommand.commandLine(new Console(stream(said), stream(complained), false, false))
        .execute(arguments);
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  private String said() {
    return said.toString(StandardCharsets.UTF_8);
  }

  private String complained() {
    return complained.toString(StandardCharsets.UTF_8);
  }
}
