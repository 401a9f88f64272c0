package dev.troupe.deploy.command;

import dev.troupe.deploy.terminal.Console;
import dev.troupe.deploy.terminal.Table;
import dev.troupe.rollout.verify.VerifierKind;
import dev.troupe.rollout.verify.Verifiers;
import dev.troupe.rollout.verify.plugin.PluginDescription;
import dev.troupe.rollout.verify.plugin.PluginVerifier;
import dev.troupe.rollout.verify.settings.BadSettingsException;
import dev.troupe.rollout.verify.settings.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Verifiers: which there are, and what they say. */
@Command(
    name = "reward",
    header = "Lists verifiers, begins one of your own, tries them on answers, swaps them in a run.",
    synopsisSubcommandLabel = "(list | new | test | shadow | swap)",
    subcommands = {
      RewardCommand.Listing.class,
      RewardNewCommand.class,
      RewardTestCommand.class,
      RewardShadowCommand.class,
      RewardSwapCommand.class
    },
    footer = {
      "%nA recipe names its verifier in reward.verifier and sets it in reward.settings;",
      "docs/rewards.md describes each of them.",
      "%nExamples:",
      "  ./troupe reward list                               the verifiers",
      "  ./troupe reward list squad                         one of them, with its settings",
      "  ./troupe reward new python digits                  begin one of your own",
      "  ./troupe reward test gsm8k --on answers.jsonl      try one on a file",
      "  ./troupe reward test gsm8k --run runs/gsm8k        and on a run's answers",
      "  ./troupe reward swap python@2 --settings better.conf --run runs/sums"
    })
final class RewardCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /** Lists them. */
  @Command(
      name = "list",
      header = "Lists the verifiers that recipes can name.",
      footer = {
        "%nExamples:",
        "  ./troupe reward list",
        "  ./troupe reward list ifeval       with what its settings mean"
      })
  static final class Listing implements Callable<Integer> {
    private static final Path PLUGINS = Path.of("plugins");

    private final Console console;

    @Parameters(
        arity = "0..1",
        paramLabel = "NAME",
        description = "The one to describe, also one of plugins/.")
    private @Nullable String name;

    Listing(Console console) {
      this.console = console;
    }

    @Override
    public Integer call() {
      if (name == null) {
        list();
      } else {
        describe(name);
      }
      return ExitCode.DONE;
    }

    private void list() {
      Table table = new Table();
      table.row("name", "version", "what it says", "settings");
      for (VerifierKind<?> kind : Verifiers.kinds()) {
        table.row(
            kind.name(),
            kind.version(),
            kind.about(),
            String.join(", ", kind.described().stream().map(Settings.Described::name).toList()));
      }
      table.lines().forEach(console::line);
      plugins();
      console.line("");
      console.line("./troupe reward list NAME says what its settings mean.");
    }

    /** Plug-ins, each asked in a process of its own. */
    private void plugins() {
      List<Path> jars = jars();
      if (jars.isEmpty()) {
        return;
      }
      Table table = new Table();
      table.row("plug-in", "verifier", "version", "what it says", "settings");
      jars.forEach(jar -> plugin(jar, table));
      console.line("");
      table.lines().forEach(console::line);
      console.line("A recipe names one by verifier = java and settings.jar = NAME.jar.");
    }

    /** Those of the folder where plug-ins are looked for. */
    private static List<Path> jars() {
      if (!Files.isDirectory(PLUGINS)) {
        return List.of();
      }
      try (Stream<Path> files = Files.list(PLUGINS)) {
        return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static void plugin(Path jar, Table table) {
      try {
        for (PluginDescription each : PluginVerifier.describe(jar)) {
          table.row(
              jar.toString(),
              each.name(),
              each.version(),
              each.about(),
              String.join(", ", each.settings().stream().map(Settings.Described::name).toList()));
        }
      } catch (BadSettingsException e) {
        table.row(jar.toString(), "-", "-", String.valueOf(e.getMessage()), "");
      }
    }

    /** A shipped verifier; else one of a plug-in. */
    private void describe(String name) {
      boolean shipped = Verifiers.kinds().stream().anyMatch(kind -> kind.name().equals(name));
      Optional<PluginDescription> own = shipped ? Optional.empty() : plugin(name);
      if (own.isPresent()) {
        PluginDescription each = own.get();
        describe(each.name(), each.version(), each.about(), each.expects(), each.settings());
      } else {
        VerifierKind<?> kind = Verifiers.kind(name);
        describe(kind.name(), kind.version(), kind.about(), kind.expects(), kind.described());
      }
    }

    private static Optional<PluginDescription> plugin(String name) {
      for (Path jar : jars()) {
        try {
          for (PluginDescription each : PluginVerifier.describe(jar)) {
            if (each.name().equals(name)) {
              return Optional.of(each);
            }
          }
        } catch (BadSettingsException _) {
          // The list without a name says what is wrong with it.
        }
      }
      return Optional.empty();
    }

    private void describe(
        String name,
        String version,
        String about,
        String expects,
        List<Settings.Described> settings) {
      console.format("%s  %s", console.bold(name + "@" + version), about);
      console.format("tasks expect  %s", expects);
      for (Settings.Described setting : settings) {
        console.line("");
        console.format(
            "  %s = %s", console.bold(setting.name()), setting.standard().orElse("(needed)"));
        console.format("    %s", setting.means());
        console.format("    %s", console.faint(setting.kind()));
      }
    }
  }
}
