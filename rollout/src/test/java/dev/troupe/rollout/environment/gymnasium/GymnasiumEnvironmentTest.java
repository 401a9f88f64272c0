package dev.troupe.rollout.environment.gymnasium;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.troupe.rollout.environment.AutoresetMode;
import dev.troupe.rollout.environment.BadEnvironmentException;
import dev.troupe.rollout.environment.Environment;
import dev.troupe.rollout.environment.EnvironmentFailedException;
import dev.troupe.rollout.environment.EnvironmentFailure;
import dev.troupe.rollout.environment.EnvironmentKind;
import dev.troupe.rollout.environment.EnvironmentOptions;
import dev.troupe.rollout.environment.EnvironmentSource;
import dev.troupe.rollout.environment.Environments;
import dev.troupe.rollout.environment.Space;
import dev.troupe.rollout.environment.VectorEnvironment;
import dev.troupe.rollout.environment.check.CheckReport;
import dev.troupe.rollout.environment.check.EnvironmentChecker;
import dev.troupe.rollout.environment.check.Finding;
import dev.troupe.rollout.environment.check.Rule;
import dev.troupe.rollout.environment.python.Python;
import dev.troupe.rollout.random.Pcg64;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The worker with a gymnasium of a few lines, whose environments die and hang when they are told
 * to; and with the real one, where Python has it.
 */
class GymnasiumEnvironmentTest {
  private static final Map<String, String> HERE = System.getenv();

  @TempDir private Path folder;

  @BeforeEach
  void writeTheFake() throws IOException {
    Path module = Files.createDirectory(folder.resolve("gymnasium"));
    try (InputStream source =
        GymnasiumEnvironmentTest.class.getResourceAsStream("fake_gymnasium.py")) {
      Files.copy(Objects.requireNonNull(source), module.resolve("__init__.py"));
    }
  }

  private EnvironmentSource walk(String... options) {
    return source("gym:Walk-v0", options);
  }

  private EnvironmentSource source(String name, String... options) {
    var variables = new HashMap<>(HERE);
    variables.put("PYTHONPATH", folder.toString());
    variables.put("MARK", folder.resolve("mark").toString());
    return source(name, variables, options);
  }

  private static EnvironmentSource source(
      String name, Map<String, String> variables, String... options) {
    var given = new HashMap<String, String>();
    for (int i = 0; i < options.length; i += 2) {
      given.put(options[i], options[i + 1]);
    }
    EnvironmentKind kind = GymnasiumEnvironments.kind(name, Set.of(), variables);
    return EnvironmentSource.of(
        name, 0, () -> kind.make().apply(new EnvironmentOptions(name, given)));
  }

  /** Whether there is no Python at all; then that is said. */
  private boolean hasNoPython() {
    if (Python.find(HERE).isPresent()) {
      return false;
    }
    assertThatThrownBy(() -> walk().create()).hasMessageContaining("there is no python3");
    return true;
  }

  private static VectorEnvironment vector(EnvironmentSource source, int lanes, AutoresetMode mode) {
    return new VectorEnvironment(source, lanes, mode, () -> 0);
  }

  private static int begin(long seed) {
    return new Pcg64(seed).integer(Integer.MAX_VALUE) % 7;
  }

  @Test
  void stepsAllLanesAndBeginsNewEpisodes() {
    if (hasNoPython()) {
      return;
    }
    for (String workers : List.of("1", "2", "5")) {
      try (var vector = vector(walk("workers", workers), 5, AutoresetMode.SAME_STEP)) {
        vector.reset(40);
        for (int step = 1; step <= 12; step++) {
          for (int lane = 0; lane < 5; lane++) {
            vector.actions().choices()[lane] = 1 + (lane + step) % 2;
          }
          vector.step();
          for (int lane = 0; lane < 5 && step <= 3; lane++) {
            int gone = lane % 2 == 0 ? (step + 1) / 2 : step / 2;
            int place = begin(40 + lane) + gone;
            assertThat(vector.observations().get(2 * lane)).isEqualTo(place);
            assertThat(vector.observations().get(2 * lane + 1)).isEqualTo((lane + step) % 2);
            assertThat(vector.rewards()[lane]).isEqualTo(place / 4.0);
          }
        }
        for (int lane = 0; lane < 5; lane++) {
          boolean late = begin(40 + lane) + 6 < 10;
          assertThat(vector.truncated()[lane]).isEqualTo(late);
          assertThat(vector.hasFinal()[lane]).isEqualTo(late);
        }
      }
    }
  }

  @Test
  void aSeedGivesTheSameEpisodesAgain() {
    if (hasNoPython()) {
      return;
    }
    try (var vector = vector(walk(), 2, AutoresetMode.NEXT_STEP)) {
      vector.reset(7);
      float first = vector.observations().get(0);
      vector.reset(8);
      vector.reset(7);
      assertThat(vector.observations().get(0)).isEqualTo(first).isEqualTo(begin(7));
    }
  }

  @Test
  void passesOptionsOnToTheConstructor() {
    if (hasNoPython()) {
      return;
    }
    try (var vector = vector(walk("goal", "-5"), 1, AutoresetMode.DISABLED)) {
      vector.reset(1);
      vector.actions().choices()[0] = 1;
      vector.step();
      assertThat(vector.terminated()[0]).isTrue();
    }
    assertThatThrownBy(() -> walk("gaol", "3").create())
        .isInstanceOf(BadEnvironmentException.class)
        .hasMessageContaining("TypeError")
        .hasMessageContaining("gaol");
  }

  @Test
  void hasSpacesOfChoicesAndRefusesOthersByName() {
    if (hasNoPython()) {
      return;
    }
    try (var vector = vector(walk("trouble", "many"), 2, AutoresetMode.DISABLED)) {
      assertThat(vector.actionSpace()).isEqualTo(Space.multiDiscrete(2, 3));
      assertThat(vector.observationSpace()).isEqualTo(Space.multiDiscrete(2, 2));
      vector.reset(1);
      System.arraycopy(new int[] {1, 2, 0, 1}, 0, vector.actions().choices(), 0, 4);
      vector.step();
      float[] seen = new float[4];
      vector.observations().get(0, seen);
      assertThat(seen).containsExactly(1, 1, 0, 0);
    }
    assertThatThrownBy(() -> walk("trouble", "Dict").create())
        .isInstanceOf(BadEnvironmentException.class)
        .hasMessageContaining("observation space [Dict] of [gym:Walk-v0] isn't supported");
    assertThatThrownBy(() -> source("gym:Wolk-v0").create())
        .isInstanceOf(BadEnvironmentException.class)
        .hasMessageContaining("environment `Wolk-v0` doesn't exist");
  }

  private static EnvironmentFailure failure(VectorEnvironment vector, int steps) {
    return catchThrowableOfType(
            EnvironmentFailedException.class,
            () -> {
              for (int step = 0; step < steps; step++) {
                vector.step();
              }
            })
        .failure();
  }

  @Test
  void aWorkerThatDiesIsStartedAgainAndItsEpisodesAreLost() throws IOException {
    if (hasNoPython()) {
      return;
    }
    Files.createFile(folder.resolve("mark"));
    EnvironmentSource source = walk("trouble", "once", "workers", "2", "goal", "100");
    try (var vector = vector(source, 4, AutoresetMode.SAME_STEP)) {
      vector.reset(3);
      Arrays.fill(vector.actions().choices(), 1);
      EnvironmentFailure failure = failure(vector, 3);
      assertThat(failure.kind()).isEqualTo(EnvironmentFailure.Kind.WORKER_DIED);
      assertThat(failure.lane()).isBetween(0, 3);
      assertThat(failure.step()).isEqualTo(3);
      assertThat(failure.detail())
          .contains("its Python ended with code [4]")
          .contains("Episodes lost with it: [2]");
      vector.replace(failure.lane());
      for (int step = 0; step < 8; step++) {
        vector.step();
      }
      int firstLost = failure.lane() / 2 * 2;
      for (int lane = 0; lane < 4; lane++) {
        boolean lost = lane >= firstLost && lane < firstLost + 2;
        assertThat(vector.episodeLengths()[lane]).isEqualTo(lost ? 8 : 11);
      }
    }
  }

  @Test
  void whatADyingWorkerSaidIsShown() {
    if (hasNoPython()) {
      return;
    }
    try (var vector = vector(walk("trouble", "dies"), 1, AutoresetMode.SAME_STEP)) {
      vector.reset(3);
      assertThat(failure(vector, 3).detail())
          .contains("its Python ended with code [3]")
          .contains("It said last:")
          .contains("the ice is thin");
    }
  }

  @Test
  void aWorkerThatHangsIsEndedAndNamed() {
    if (hasNoPython()) {
      return;
    }
    EnvironmentSource source = walk("trouble", "hangs", "limit-seconds", "3");
    try (var vector = vector(source, 2, AutoresetMode.SAME_STEP)) {
      vector.reset(3);
      EnvironmentFailure failure = failure(vector, 3);
      assertThat(failure.kind()).isEqualTo(EnvironmentFailure.Kind.HUNG);
      assertThat(failure.detail()).contains("within [PT3S]").contains("waiting for a bus");
      vector.replace(failure.lane());
      vector.step();
    }
  }

  @Test
  void whatIsThrownIsNamedAndTheOthersHaveStepped() {
    if (hasNoPython()) {
      return;
    }
    try (var vector = vector(walk("trouble", "throws", "at", "2"), 2, AutoresetMode.SAME_STEP)) {
      vector.reset(3);
      vector.step();
      vector.replace(1);
      EnvironmentFailure failure = failure(vector, 1);
      assertThat(failure.kind()).isEqualTo(EnvironmentFailure.Kind.THREW);
      assertThat(failure.lane()).isZero();
      assertThat(failure.detail()).contains("ValueError: no such path").contains("line ");
      assertThat(vector.episodeLengths()[1]).isEqualTo(1);
      vector.replace(0);
      assertThat(failure(vector, 1).lane()).isEqualTo(1);
    }
    try (var vector = vector(walk("trouble", "shape"), 1, AutoresetMode.SAME_STEP)) {
      vector.reset(3);
      EnvironmentFailure failure = failure(vector, 3);
      assertThat(failure.kind()).isEqualTo(EnvironmentFailure.Kind.WRONG_SHAPE);
      assertThat(failure.detail()).contains("must have [2] numbers, got [3]");
    }
  }

  @Test
  void afterAPauseEpisodesBeginAnew() {
    if (hasNoPython()) {
      return;
    }
    try (var vector = vector(walk(), 2, AutoresetMode.SAME_STEP);
        var other = vector(walk(), 2, AutoresetMode.SAME_STEP)) {
      vector.reset(5);
      vector.actions().choices()[0] = 2;
      vector.step();
      other.restore(vector.snapshot());
      var random = new Pcg64(5);
      random.integer(Integer.MAX_VALUE);
      assertThat(other.observations().get(0)).isEqualTo(random.integer(Integer.MAX_VALUE) % 7);
      assertThat(other.episodeLengths()[0]).isZero();
      other.step();
      assertThat(other.episodeLengths()[0]).isEqualTo(1);
    }
  }

  @Test
  void keepsToTheRulesOfEnvironments() throws InterruptedException {
    if (hasNoPython()) {
      return;
    }
    CheckReport report =
        new EnvironmentChecker(Thread.ofPlatform().daemon().factory())
            .check(walk(), new EnvironmentChecker.Settings(0, 200, Duration.ofMinutes(2)));
    assertThat(report.isGood()).as("%s", report.findings()).isTrue();
    assertThat(report.finding(Rule.STATE_COMPLETE).verdict()).isEqualTo(Finding.Verdict.NOTE);
  }

  /** A process that is killed can't tidy up: what a worker needs is gone once it has begun. */
  @Test
  void noProcessIsLeftAndNoFolderEvenWhileItWorks() throws IOException {
    if (hasNoPython()) {
      return;
    }
    Set<ProcessHandle> before = children();
    var vector = vector(walk("workers", "2"), 2, AutoresetMode.SAME_STEP);
    vector.reset(1);
    Set<ProcessHandle> started = children();
    started.removeAll(before);
    assertThat(started).hasSize(2);
    for (ProcessHandle process : started) {
      String[] words = process.info().arguments().orElseThrow();
      Path program = Path.of(words[words.length - 2]);
      assertThat(program.getParent()).asString().contains("troupe-worker");
      assertThat(program.getParent()).doesNotExist();
    }
    vector.close();
    assertThat(started).allMatch(process -> !process.isAlive());
  }

  private static Set<ProcessHandle> children() {
    return new HashSet<>(ProcessHandle.current().children().toList());
  }

  @Test
  void saysWhatHelpsWithoutPythonOrThePackage() throws IOException {
    assertThatThrownBy(() -> source("gym:Walk-v0", Map.of("PATH", "/nowhere")).create())
        .isInstanceOf(BadEnvironmentException.class)
        .hasMessageContaining("no python3 on the path")
        .hasMessageContaining("TROUPE_PYTHON");
    assertThatThrownBy(
            () -> source("gym:Walk-v0", Map.of("TROUPE_PYTHON", "/nowhere/python")).create())
        .isInstanceOf(BadEnvironmentException.class)
        .hasMessageContaining("/nowhere/python");
    if (hasNoPython()) {
      return;
    }
    Files.writeString(
        folder.resolve("gymnasium/__init__.py"),
        "raise ImportError(\"No module named 'gymnasium'\")");
    assertThatThrownBy(() -> walk().create())
        .isInstanceOf(BadEnvironmentException.class)
        .hasMessageContaining("has no package gymnasium")
        .hasMessageContaining("-m pip install gymnasium");
  }

  /** The real one, against Troupe's own CartPole, which is Gymnasium's to the last bit. */
  @Test
  void playsGymnasiumsOwnEnvironments() throws IOException {
    if (hasNoPython()) {
      return;
    }
    Python python = Python.find(HERE).orElseThrow();
    if (!python.packages("gymnasium").containsKey("gymnasium")) {
      assertThatThrownBy(() -> source("gym:CartPole-v1", HERE).create())
          .hasMessageContaining("has no package gymnasium");
      return;
    }
    try (var foreign = vector(source("gym:CartPole-v1", HERE), 3, AutoresetMode.SAME_STEP)) {
      foreign.reset(11);
      for (int lane = 0; lane < 3; lane++) {
        long seed = new Pcg64(11 + lane).integer(Integer.MAX_VALUE);
        Environment own = Environments.standard().find("CartPole-v1", Map.of()).create();
        try (var one =
            vector(EnvironmentSource.of("own", 0, () -> own), 1, AutoresetMode.DISABLED)) {
          one.reset(seed);
          assertThat(one.observations().get(0)).isEqualTo(foreign.observations().get(4 * lane));
          assertThat(one.observations().get(3)).isEqualTo(foreign.observations().get(4 * lane + 3));
        }
      }
      foreign.step();
      assertThat(foreign.rewards()).containsOnly(1);
    }
  }
}
