package dev.troupe.tests.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.troupe.tests.process.Product.Ended;
import dev.troupe.tests.process.Product.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The launcher, in a copy of the tree's skeleton, with a {@code java} and a {@code mvn} that only
 * write down how they were called.
 */
@Timeout(120)
final class LauncherTest {
  private static final List<String> MODULES =
      List.of("protocol", "model", "rollout", "learner", "actors", "deploy");
  private static final String BUILDING = "troupe: building, once after each change: ";

  /** Tools of the system that the launcher calls. */
  private static final List<String> TOOLS =
      List.of(
          "bash",
          "env",
          "dirname",
          "readlink",
          "grep",
          "find",
          "mkdir",
          "touch",
          "rm",
          "mv",
          "cat",
          "sed",
          "tail",
          "head",
          "sleep",
          "flock",
          "mktemp",
          "date",
          "setsid");

  @TempDir Path directory;
  private Path tree = Path.of("");
  private Path bin = Path.of("");
  private Path jdk = Path.of("");

  @BeforeEach
  void copiesTheSkeleton() throws IOException {
    tree = Files.createDirectories(directory.resolve("tree"));
    bin = Files.createDirectories(directory.resolve("bin"));
    jdk = directory.resolve("jdk-25");
    Files.copy(Yaml.ROOT.resolve("troupe"), tree.resolve("troupe"));
    Files.writeString(tree.resolve("pom.xml"), "<project/>");
    for (String module : MODULES) {
      Files.createDirectories(tree.resolve(module).resolve("src/main/java"));
      Files.writeString(tree.resolve(module).resolve("pom.xml"), "<project/>");
      Files.writeString(tree.resolve(module).resolve("src/main/java/A.java"), "class A {}");
    }
    for (String tool : TOOLS) {
      Files.createSymbolicLink(bin.resolve(tool), systemTool(tool));
    }
    program(jdk.resolve("bin/javac"), "exit 0");
    // "prepare" is what the launcher calls after a build; everything else is a command.
    program(
        jdk.resolve("bin/java"),
        """
        all="$*"
        case "$all" in
          *"Main prepare"*) mkdir -p "$TREE/deploy/target/help"
            echo "help of troupe" > "$TREE/deploy/target/help/troupe.txt"
            echo prepare >> "$CALLS" ;;
          *) [ -z "${SAY_ALL:-}" ] || echo "$all"
            echo "java ${all##*Main }" >> "$CALLS"; echo "ran ${all##*Main }"; exit "${JAVA_EXIT:-0}" ;;
        esac
        """);
    Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"25.0.1\"\n");
    maven("");
  }

  @AfterEach
  void removesTheLinksToTools() throws IOException {
    for (String tool : TOOLS) {
      Files.delete(bin.resolve(tool));
    }
  }

  @Test
  void buildsOnFirstUseWithOneLineAndOnceOnly() throws IOException {
    Ended first = troupe("status").with(0);

    assertThat(first.out()).isEqualTo("ran status\n");
    assertThat(first.err()).startsWith(BUILDING + "two to five minutes the first time");
    assertThat(first.err().lines()).hasSize(1);
    assertThat(first.err()).contains("(log: ").contains("deploy/target/build.log");
    assertThat(calls())
        .satisfiesExactly(
            maven ->
                assertThat(maven)
                    .startsWith("mvn ")
                    .contains("-pl deploy -am package")
                    .endsWith("with " + jdk),
            prepare -> assertThat(prepare).isEqualTo("prepare"),
            java -> assertThat(java).isEqualTo("java status"));

    Ended second = troupe("audit", "runs/sums").with(0);
    assertThat(second.err()).isEmpty();
    assertThat(calls()).endsWith("java status", "java audit runs/sums").hasSize(4);
  }

  @Test
  void buildsAgainWhenASourceIsNewerOrWasRemoved() throws IOException {
    troupe("status").with(0);
    age(tree.resolve("deploy/target/troupe.built"));
    Ended untouched = troupe("status").with(0);
    // All sources are newer now than the aged stamp.
    assertThat(untouched.err()).startsWith(BUILDING + "about a minute");
    assertThat(builds()).isEqualTo(2);

    allAge();
    troupe("status").with(0);
    assertThat(builds()).isEqualTo(2);

    Files.writeString(tree.resolve("actors/src/main/java/A.java"), "class A { }");
    troupe("status").with(0);
    assertThat(builds()).isEqualTo(3);

    allAge();
    Files.delete(tree.resolve("model/src/main/java/A.java"));
    troupe("status").with(0);
    assertThat(builds()).isEqualTo(4);
    assertThat(troupe("status").with(0).err()).isEmpty();
  }

  @Test
  void helpIsShownWithoutStartingJava() throws IOException {
    troupe("status").with(0);

    assertThat(troupe("--help").with(0).out()).isEqualTo("help of troupe\n");
    assertThat(troupe().with(0).out()).isEqualTo("help of troupe\n");
    assertThat(calls()).hasSize(3);
  }

  @Test
  void theProgramsExitCodeIsTheLaunchers() throws IOException {
    troupe("status").with(0);

    start(List.of("JAVA_EXIT=75"), "node", "--join", "head:7355").await().with(75);
    assertThat(calls()).endsWith("java node --join head:7355");
  }

  @Test
  void environmentsOfOnesOwnAreAtTheEndOfTheClassPath() throws IOException {
    troupe("status").with(0);

    assertThat(
            start(List.of("SAY_ALL=1", "TROUPE_CLASSPATH=my.jar:more"), "check-env")
                .await()
                .with(0)
                .out())
        .contains(".jar:my.jar:more dev.troupe.deploy.Main check-env");
    assertThat(start(List.of("SAY_ALL=1"), "check-env").await().with(0).out())
        .contains(".jar dev.troupe.deploy.Main check-env");
  }

  @Test
  void withoutAJdkOf25ItSaysWhereToGetOne() throws IOException {
    Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"21.0.2\"\n");
    // Where the machine has one in a usual folder, it is found there: those are not ours to hide.
    withoutUsualFolders();
    Running running = start(List.of(), "status");

    assertThat(running.await().with(2).err())
        .startsWith("troupe: no JDK 25 found in TROUPE_JAVA, JAVA_HOME, on the PATH")
        .contains("https://adoptium.net")
        .contains("export TROUPE_JAVA=");
    assertThat(calls()).isEmpty();
  }

  @Test
  void withoutMavenItSaysHowToInstallIt() throws IOException {
    Files.delete(bin.resolve("mvn"));

    assertThat(troupe("status").with(2).err())
        .startsWith("troupe: Maven is missing, which builds Troupe on first use.")
        .contains("apt install maven");
    assertThat(calls()).isEmpty();
  }

  @Test
  void aFailedBuildShowsTheCompilersLinesAndIsTriedAgain() throws IOException {
    maven(
        """
        echo "[INFO] Building model 0.1 [3/7]"
        echo "[ERROR] /tree/model/src/main/java/A.java:[1,8] cannot find symbol"
        exit 1
        """);
    Ended failed = troupe("status").with(2);

    assertThat(failed.err())
        .contains("model/src/main/java/A.java:[1,8] cannot find symbol")
        .contains("troupe: the build failed; all it said is in ")
        .doesNotContain("[INFO]");
    assertThat(failed.out()).isEmpty();

    maven("");
    assertThat(troupe("status").with(0).out()).isEqualTo("ran status\n");
  }

  @Test
  void aBuildThatWasBrokenOffStandsInNobodysWay() throws IOException {
    Path half = tree.resolve("model/target/model.jar");
    Files.createDirectories(half.getParent());
    Files.createFile(half);
    maven(
        """
        if [ -e "$TREE/model/target/model.jar" ]; then
          echo "[ERROR] error: error reading $TREE/model/target/model.jar; zip file is empty"
          exit 1
        fi
        """);

    assertThat(troupe("status").with(0).out()).isEqualTo("ran status\n");
    assertThat(half).doesNotExist();
    assertThat(builds()).isEqualTo(2);
  }

  @Test
  void whoeverStartsWhileAnotherBuildsSaysSoAndDoesNotBuildAgain() throws IOException {
    Path go = directory.resolve("go");
    maven("while [ ! -e '" + go + "' ]; do sleep 0.05; done");
    Running first = start(List.of(), "status");
    await().atMost(Duration.ofSeconds(30)).until(() -> builds() == 1);
    Running second = start(List.of(), "audit");
    try {
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> Files.readString(second.err()).contains("\n"));
      assertThat(Files.readString(second.err()))
          .startsWith("troupe: waiting for another process that builds: [")
          .contains("[" + first.process().pid() + "]")
          .contains("(log: ");
    } finally {
      Files.createFile(go);
    }

    assertThat(first.await().with(0).out()).isEqualTo("ran status\n");
    assertThat(second.await().with(0).out()).isEqualTo("ran audit\n");
    assertThat(builds()).isEqualTo(1);
  }

  @Test
  void aLongBuildIsSpokenOfOnceEveryHalfMinuteWhereNobodyWatches() throws IOException {
    Path go = directory.resolve("go");
    maven(
        """
        echo "[INFO] Building actors 0.1 [6/7]"
        while [ ! -e '%s' ]; do sleep 0.05; done
        """
            .formatted(go));
    Running running = start(List.of("TROUPE_BUILD_NEWS_SECONDS=1"), "status");
    try {
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> Files.readString(running.err()).lines().count() >= 3);
    } finally {
      Files.createFile(go);
    }

    assertThat(running.await().with(0).err().lines().skip(1))
        .allSatisfy(
            line ->
                assertThat(line)
                    .matches("troupe: still building, [0-9]+ min [0-9]{2} s: actors \\(6 of 7\\)"));
  }

  /** The launcher as it would be on a machine that has no JDK where it looks by itself. */
  private void withoutUsualFolders() throws IOException {
    Path launcher = tree.resolve("troupe");
    Files.writeString(
        launcher,
        Files.readString(launcher)
            .replace("/usr/lib/jvm/", "/nowhere/")
            .replace("/usr/java/", "/nowhere/")
            .replace("/opt/", "/nowhere/"));
  }

  private Ended troupe(String... arguments) throws IOException {
    return start(List.of(), arguments).await();
  }

  private Running start(List<String> environment, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(tree.resolve("troupe").toString()));
    command.addAll(List.of(arguments));
    Path out = Files.createTempFile(directory, "out-", ".txt");
    Path err = Files.createTempFile(directory, "err-", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().clear();
    builder.environment().put("PATH", bin.toString());
    builder.environment().put("HOME", directory.toString());
    builder.environment().put("TROUPE_JAVA", jdk.toString());
    builder.environment().put("TREE", tree.toString());
    builder.environment().put("CALLS", directory.resolve("calls").toString());
    for (String setting : environment) {
      builder.environment().put(setting.split("=")[0], setting.split("=")[1]);
    }
    return new Running(
        String.join(" ", command), builder.start(), out, err, Duration.ofSeconds(60));
  }

  /** A Maven that does {@code more}, then leaves a jar. */
  private void maven(String more) throws IOException {
    program(
        bin.resolve("mvn"),
        """
        echo "mvn $* with $JAVA25_HOME" >> "$CALLS"
        %s
        mkdir -p "$TREE/deploy/target/lib"
        touch "$TREE/deploy/target/lib/deploy.jar"
        """
            .formatted(more));
  }

  private static void program(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!" + systemTool("bash") + "\nset -e\n" + text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static Path systemTool(String name) {
    for (String folder : System.getenv().getOrDefault("PATH", "/usr/bin:/bin").split(":")) {
      Path tool = Path.of(folder, name);
      if (Files.isExecutable(tool)) {
        return tool;
      }
    }
    throw new AssertionError("no [" + name + "] on the PATH");
  }

  private List<String> calls() throws IOException {
    Path calls = directory.resolve("calls");
    return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
  }

  private long builds() throws IOException {
    return calls().stream().filter(call -> call.startsWith("mvn ")).count();
  }

  /** Everything in the tree was written before the last build. */
  private void allAge() throws IOException {
    try (var files = Files.walk(tree)) {
      for (Path file :
          files.filter(each -> !each.startsWith(tree.resolve("deploy/target"))).toList()) {
        age(file);
      }
    }
  }

  private static void age(Path file) throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
  }
}
