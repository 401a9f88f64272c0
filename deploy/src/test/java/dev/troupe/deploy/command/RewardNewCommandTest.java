package dev.troupe.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.deploy.recipe.Processor;
import dev.troupe.deploy.recipe.Recipe;
import dev.troupe.deploy.recipe.RecipeReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RewardNewCommandTest {
  @TempDir Path folder = Path.of("");

  private final Typed typed = new Typed();

  @ParameterizedTest
  @ValueSource(strings = {"math", "class", "my-2nd--reward-"})
  void whatIsWrittenInPythonPassesItsTestAndScoresItsAnswers(String name) throws Exception {
    Path made = made("python", name);

    assertThat(shell("python3 " + quoted(made.resolve(name + "_test.py")))).contains("passed");
    triesTheAnswers("python", "file", made.resolve(name + ".py"), made.resolve(name + ".jsonl"));
    assertThat(recipe(made, name).specification().reward().verifier()).isEqualTo("python");
  }

  @ParameterizedTest
  @ValueSource(strings = {"string", "my-2nd--reward-"})
  void whatIsWrittenInJavaBuildsPassesItsTestAndScoresItsAnswers(String name) throws Exception {
    Path made = made("java", name);
    Path jar = made.resolve(name + ".jar");

    String build = quoted(made.resolve("build.sh"));
    assertThat(shell(build)).isEqualTo("passed 8 checks\npacked " + jar + "\n");
    byte[] first = Files.readAllBytes(jar);
    shell(build);
    assertThat(Files.readAllBytes(jar)).as("built again").isEqualTo(first);
    triesTheAnswers("java", "jar", jar, made.resolve(name + ".jsonl"));
    assertThat(recipe(made, name).specification().reward().settings())
        .contains("\"verifier\":\"" + name + "\"", "\"partial\":0.5");
  }

  @Test
  void aPlugInOfThisFolderIsListedAndDescribed() throws Exception {
    Path made = made("java", "digits");
    shell(quoted(made.resolve("build.sh")));
    Path plugins = Files.createDirectory(folder.resolve("plugins"));
    Files.copy(made.resolve("digits.jar"), plugins.resolve("digits.jar"));
    Files.writeString(plugins.resolve("broken.jar"), "no jar");
    String troupe =
        "cd '%s' && '%s/bin/java' -cp '%s' dev.troupe.deploy.Main"
            .formatted(
                folder, System.getProperty("java.home"), System.getProperty("java.class.path"));

    assertThat(shell(troupe + " reward list"))
        .containsPattern("plugins/broken.jar +- +- .*isn't a jar")
        .containsPattern("plugins/digits.jar +digits +1 +how many digits .* partial");
    assertThat(shell(troupe + " reward list digits"))
        .contains("digits@1  how many digits", "tasks expect  the right digits", "partial = 1");
  }

  @Test
  void aBrokenVerifierFailsItsTestAndPacksNothing() throws Exception {
    Path made = made("java", "digits");
    Path source = made.resolve("src/mine/DigitsVerifier.java");
    Files.writeString(source, Files.readString(source).replace("* right / of", "* right"));

    assertThat(ran(quoted(made.resolve("build.sh"))).code()).isEqualTo(1);
    assertThat(made.resolve("digits.jar")).doesNotExist();
  }

  @Test
  void theCommandsThatComeNextAreThoseThatWork() throws Exception {
    Path made = folder.resolve("it's here");
    assertThat(typed.run("reward", "new", "python", "digits", "--to", made.toString())).isZero();

    List<String> lines = typed.said().lines().toList();
    assertThat(lines.getFirst()).isEqualTo("Wrote digits into [" + made + "]:");
    String test = lines.get(lines.size() - 3).strip();
    assertThat(test).startsWith("python3 ");
    assertThat(shell(test)).contains("passed test_each_digit_in_its_place_counts");
    String tried = lines.get(lines.size() - 2).strip();
    assertThat(tried).startsWith("./troupe reward test python --settings 'file = \"");
    String arguments = tried.substring("./troupe ".length());
    List<String> words = shell("printf '%s\\n' " + arguments).lines().toList();
    assertThat(typed.run(words.toArray(String[]::new))).as(typed.complained()).isZero();
  }

  @Test
  void nothingIsWrittenOver() throws IOException {
    Path mine = Files.writeString(folder.resolve("digits.conf"), "mine");

    assertThat(typed.run("reward", "new", "python", "digits", "--to", folder.toString()))
        .isEqualTo(ExitCode.REFUSED);

    assertThat(typed.complained()).contains("[" + mine + "] is there already, and nothing was");
    assertThat(mine).hasContent("mine");
    assertThat(folder).isDirectoryNotContaining("glob:**.py");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Digits", "2digits", "../digits", "my_digits", "-d"})
  void otherNamesAreRefused(String name) {
    assertThat(typed.run("reward", "new", "java", "--to", folder.toString(), "--", name))
        .isEqualTo(ExitCode.REFUSED);

    assertThat(typed.complained())
        .contains("NAME: got [" + name + "], expected small letters, digits and hyphens");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void otherLanguagesAreRefused() {
    assertThat(typed.run("reward", "new", "cobol", "digits")).isEqualTo(ExitCode.REFUSED);
    assertThat(typed.complained()).contains("cobol", "[JAVA, PYTHON]");
  }

  private Path made(String language, String name) {
    Path made = folder.resolve("rewards").resolve(name);
    assertThat(typed.run("reward", "new", language, name, "--to", made.toString()))
        .as(typed.complained())
        .isZero();
    return made;
  }

  private void triesTheAnswers(String verifier, String setting, Path code, Path answers) {
    Typed typed = new Typed();
    String settings = setting + " = \"" + code + "\"";
    assertThat(
            typed.run(
                "reward", "test", verifier, "--settings", settings, "--on", answers.toString()))
        .as(typed.complained())
        .isZero();
    assertThat(typed.said().lines().limit(8).map(line -> line.replaceAll(" +", " ").strip()))
        .containsExactly(
            verifier + "@1 on 3 answers",
            "outcome rows share",
            "0 1 33.3%",
            "0.500 1 33.3%",
            "1 1 33.3%",
            "mean score 0.5000",
            "part mean",
            "all 0.3333");
    assertThat(typed.said()).contains("agrees with the file's scores on 3 of 3 rows (100.0%)");
  }

  private static Recipe recipe(Path made, String name) {
    return new RecipeReader(Processor.here()).read(made.resolve(name + ".conf"), List.of());
  }

  private static String quoted(Path file) {
    return "'" + file + "'";
  }

  private record Ran(int code, String said) {}

  private static String shell(String command) throws IOException, InterruptedException {
    Ran ran = ran(command);
    assertThat(ran.code()).as(ran.said()).isZero();
    return ran.said();
  }

  private static Ran ran(String command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder("bash", "-c", command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ran(process.waitFor(), said);
  }
}
