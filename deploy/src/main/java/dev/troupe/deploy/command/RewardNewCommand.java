package dev.troupe.deploy.command;

import com.google.gson.JsonPrimitive;
import dev.troupe.deploy.reward.Skeleton;
import dev.troupe.deploy.terminal.Console;
import dev.troupe.deploy.terminal.Table;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Begins a verifier. */
@Command(
    name = "new",
    header = "Begins a verifier of your own: files that work as they are, with their test.",
    footer = {
      "%nWhat is written scores sums by their digits; answers to try it on and a recipe to train"
          + " by",
      "it come along. Nothing is downloaded, and nothing that is there is written over.",
      "%nExamples:",
      "  ./troupe reward new python digits                   into digits/",
      "  ./troupe reward new java digits --to rewards/digits"
    })
final class RewardNewCommand implements Callable<Integer> {
  private static final Pattern PLAIN = Pattern.compile("[\\w./+-]+");

  private final Console console;

  @Parameters(index = "0", paramLabel = "LANGUAGE", description = "java or python.")
  private Skeleton.Language language = Skeleton.Language.PYTHON;

  @Parameters(
      index = "1",
      paramLabel = "NAME",
      description = "What to call it: small letters, digits and hyphens.")
  private String name = "";

  @Option(
      names = "--to",
      paramLabel = "DIR",
      description = "Where its files are written (default: a folder of its name).")
  private @Nullable Path to;

  RewardNewCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    Path folder = to == null ? Path.of(name) : to;
    write(skeleton(folder), folder);
    console.line("");
    console.line("Next:");
    next(folder).forEach(command -> console.line("  " + command));
    return ExitCode.DONE;
  }

  private Skeleton skeleton(Path folder) {
    try {
      return new Skeleton(name, folder);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(ExitCode.REFUSED, "NAME: " + e.getMessage());
    }
  }

  private void write(Skeleton skeleton, Path folder) throws IOException {
    try {
      List<Skeleton.Part> parts = skeleton.parts(language);
      skeleton.write(parts);
      console.format("Wrote %s into [%s]:", console.bold(name), folder);
      Table table = new Table();
      parts.forEach(part -> table.row("  " + part.path(), part.about()));
      table.lines().forEach(console::line);
    } catch (FileAlreadyExistsException e) {
      throw new CommandFailure(
          ExitCode.REFUSED,
          "[%s] is there already, and nothing was written: choose another folder by --to"
              .formatted(e.getFile()));
    }
  }

  /** The commands that try what was written, in order. */
  private List<String> next(Path folder) {
    String recipe = "./troupe train " + word(folder.resolve(name + ".conf").toString());
    Path jar = folder.resolve(name + ".jar");
    return switch (language) {
      case JAVA ->
          List.of(
              word(folder.resolve("build.sh").toString()),
              tried("jar", jar, folder),
              recipe,
              "mkdir -p plugins && cp " + word(jar.toString()) + " plugins/",
              "./troupe reward list");
      case PYTHON ->
          List.of(
              "python3 " + word(folder.resolve(name + "_test.py").toString()),
              tried("file", folder.resolve(name + ".py"), folder),
              recipe);
    };
  }

  private String tried(String setting, Path code, Path folder) {
    return "./troupe reward test %s --settings %s --on %s"
        .formatted(
            language.name().toLowerCase(Locale.ROOT),
            quoted(setting + " = " + new JsonPrimitive(code.toString())),
            word(folder.resolve(name + ".jsonl").toString()));
  }

  /** As a shell reads it. */
  private static String word(String text) {
    return PLAIN.matcher(text).matches() ? text : quoted(text);
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
