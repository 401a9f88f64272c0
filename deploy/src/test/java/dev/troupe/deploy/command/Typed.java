package dev.troupe.deploy.command;

import dev.troupe.deploy.terminal.Console;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Commands as somebody types them, and all that they said so far. */
final class Typed {
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final ByteArrayOutputStream complained = new ByteArrayOutputStream();

  /** The exit code. */
  int run(String... arguments) {
    PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
    PrintStream err = new PrintStream(complained, true, StandardCharsets.UTF_8);
    return TroupeCommand.commandLine(new Console(out, err, false, false)).execute(arguments);
  }

  String said() {
    return said.toString(StandardCharsets.UTF_8);
  }

  String complained() {
    return complained.toString(StandardCharsets.UTF_8);
  }
}
