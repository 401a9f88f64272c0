package dev.troupe.deploy.command;

import dev.troupe.deploy.terminal.Console;
import dev.troupe.deploy.terminal.Table;
import dev.troupe.rollout.verify.VerifierKind;
import dev.troupe.rollout.verify.Verifiers;
import dev.troupe.rollout.verify.settings.Settings;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Verifiers: which there are, and what they say. */
@Command(
    name = "reward",
    header = "Lists verifiers, tries them on answers that are there, swaps them in a run.",
    synopsisSubcommandLabel = "(list | test | shadow | swap)",
    subcommands = {
      RewardCommand.Listing.class,
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
    private final Console console;

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "The one to describe.")
    private @Nullable String name;

    Listing(Console console) {
      this.console = console;
    }

    @Override
    public Integer call() {
      if (name == null) {
        list();
      } else {
        describe(Verifiers.kind(name));
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
      console.line("");
      console.line("./troupe reward list NAME says what its settings mean.");
    }

    private void describe(VerifierKind<?> kind) {
      console.format("%s  %s", console.bold(kind.name() + "@" + kind.version()), kind.about());
      console.format("tasks expect  %s", kind.expects());
      for (Settings.Described setting : kind.described()) {
        console.line("");
        console.format(
            "  %s = %s", console.bold(setting.name()), setting.standard().orElse("(needed)"));
        console.format("    %s", setting.means());
        console.format("    %s", console.faint(setting.kind()));
      }
    }
  }
}
