package dev.troupe.deploy.command;

import dev.troupe.deploy.terminal.Console;
import dev.troupe.model.torch.TorchRuntime;
import java.util.Set;

/** One command, from its arguments to its exit code. */
public final class CommandLineProgram {
  /** Commands that compute: libtorch is loaded while their options and recipes are read. */
  private static final Set<String> COMPUTING =
      Set.of("train", "eval", "sample", "export", "replay", "bench", "prepare");

  private CommandLineProgram() {}

  /** Runs the command in this process. */
  public static int run(String[] arguments) {
    if (arguments.length > 0 && COMPUTING.contains(arguments[0])) {
      Thread.ofPlatform()
          .daemon()
          .name("libtorch-loader")
          .uncaughtExceptionHandler((_, _) -> {})
          .start(TorchRuntime::start);
    }
    Console console = Console.ofProcess(System.getenv());
    return TroupeCommand.commandLine(console).execute(arguments);
  }
}
