package dev.troupe.deploy.command;

import dev.troupe.actors.cluster.NodeStartException;
import dev.troupe.actors.journal.DamagedJournalException;
import dev.troupe.actors.journal.RunLock;
import dev.troupe.actors.run.RunFailedException;
import dev.troupe.actors.security.KeysException;
import dev.troupe.deploy.client.ClusterException;
import dev.troupe.deploy.node.NodeRefusedException;
import dev.troupe.deploy.plot.BadPlotException;
import dev.troupe.deploy.policy.StoredPolicy.NoPolicyException;
import dev.troupe.deploy.recipe.RecipeException;
import dev.troupe.deploy.terminal.Console;
import dev.troupe.learner.checkpoint.CheckpointDamagedException;
import dev.troupe.model.safetensors.SafetensorsException;
import dev.troupe.model.torch.ProgramCompileException;
import dev.troupe.rollout.environment.BadEnvironmentException;
import dev.troupe.rollout.environment.EnvironmentFailedException;
import dev.troupe.rollout.task.BadTasksException;
import dev.troupe.rollout.verify.UnknownVerifierException;
import dev.troupe.rollout.verify.settings.BadSettingsException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** {@code troupe}: names the commands, and turns whatever goes wrong into one message. */
@Command(
    name = "troupe",
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    synopsisSubcommandLabel = "COMMAND",
    versionProvider = TroupeCommand.Version.class,
    header = "Trains policies by reinforcement learning, with actors, asynchronously.%n",
    subcommands = {
      TrainCommand.class,
      NodeCommand.class,
      SubmitCommand.class,
      RunsCommand.class,
      StatusCommand.class,
      WatchCommand.class,
      PauseCommand.class,
      ContinueCommand.class,
      StopCommand.class,
      DrainCommand.class,
      LogsCommand.class,
      AuditCommand.class,
      ReplayCommand.class,
      EvalCommand.class,
      SampleCommand.class,
      ExportCommand.class,
      PlotCommand.class,
      WatchEnvCommand.class,
      RecordCommand.class,
      DoctorCommand.class,
      CheckEnvCommand.class,
      BenchCommand.class,
      PrepareCommand.class,
      RewardCommand.class,
      RecipesCommand.class,
      ExplainCommand.class,
      KeysCommand.class,
    },
    commandListHeading = "%nCommands:%n",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:the run failed, or a check found something wrong",
      "2:the command line or the recipe is wrong; nothing was started",
      "3:stopped before the end; --resume goes on",
      "4:no cluster could be reached, or it has no head",
      "70:a defect of Troupe; --verbose shows where",
      "75:the cluster removed this node; start it again",
      "130:stopped at once by Ctrl-C"
    },
    footer = {
      "%nBegin with:",
      "  ./troupe train recipes/sums.conf           train, with live progress",
      "  ./troupe train recipes/sums.conf --resume  go on after any crash",
      "  ./troupe recipes                           what else there is to run",
      "  ./troupe node --roles head,learner         begin a cluster; others join it with --join",
      "  ./troupe submit recipes/sums.conf          train on the cluster",
      "  ./troupe COMMAND --help                    options and examples of a command"
    })
final class TroupeCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Show where an error happened.")
  private boolean verbose;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /** The command line, ready to be executed with {@code console}. */
  static CommandLine commandLine(Console console) {
    TroupeCommand troupe = new TroupeCommand();
    CommandLine line = new CommandLine(troupe, new Commands(console));
    line.setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8));
    line.setColorScheme(
        CommandLine.Help.defaultColorScheme(
            console.colours() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setUsageHelpWidth(100);
    line.setUsageHelpAutoWidth(false);
    line.setAbbreviatedSubcommandsAllowed(false);
    line.setParameterExceptionHandler((e, args) -> refused(console, e));
    line.setExecutionExceptionHandler((e, _, _) -> failed(console, e, troupe.verbose));
    return line;
  }

  private static int refused(Console console, ParameterException e) {
    console.err().println(console.bad("troupe: ") + e.getMessage());
    UnmatchedArgumentException.printSuggestions(
        e, new PrintWriter(console.err(), true, StandardCharsets.UTF_8));
    console.err().println("See " + e.getCommandLine().getCommandSpec().qualifiedName() + " --help");
    return ExitCode.REFUSED;
  }

  private static int failed(Console console, Exception e, boolean verbose) {
    int code =
        switch (e) {
          case CommandFailure failure -> failure.exitCode();
          case RecipeException _ -> ExitCode.REFUSED;
          case RunFailedException _ -> ExitCode.FAILED;
          case RunLock.HeldException _ -> ExitCode.REFUSED;
          case BadTasksException _ -> ExitCode.REFUSED;
          case UnknownVerifierException _ -> ExitCode.REFUSED;
          case BadSettingsException _ -> ExitCode.REFUSED;
          case BadEnvironmentException _ -> ExitCode.REFUSED;
          case EnvironmentFailedException _ -> ExitCode.FAILED;
          case ProgramCompileException _ -> ExitCode.REFUSED;
          case CheckpointDamagedException _ -> ExitCode.FAILED;
          case DamagedJournalException _ -> ExitCode.FAILED;
          case SafetensorsException _ -> ExitCode.FAILED;
          case NoPolicyException _ -> ExitCode.REFUSED;
          case BadPlotException _ -> ExitCode.REFUSED;
          case KeysException _ -> ExitCode.REFUSED;
          case NodeRefusedException _ -> ExitCode.REFUSED;
          case NodeStartException _ -> ExitCode.FAILED;
          case ClusterException cluster ->
              switch (cluster.kind()) {
                case UNREACHABLE -> ExitCode.UNREACHABLE;
                case STRANGER, REFUSED -> ExitCode.REFUSED;
              };
          default -> ExitCode.DEFECT;
        };
    String message = code == ExitCode.DEFECT ? e.toString() : String.valueOf(e.getMessage());
    console.err().println(console.bad("troupe: ") + message);
    if (verbose) {
      e.printStackTrace(console.err());
    } else if (code == ExitCode.DEFECT) {
      console.err().println("This is a defect of Troupe; --verbose shows where it happened.");
    }
    return code;
  }

  /** What {@code --version} prints. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = TroupeCommand.class.getPackage().getImplementationVersion();
      return new String[] {
        "troupe " + (version == null ? "(not packaged)" : version), "Java " + Runtime.version()
      };
    }
  }
}
