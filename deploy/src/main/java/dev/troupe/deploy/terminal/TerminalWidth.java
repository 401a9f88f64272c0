package dev.troupe.deploy.terminal;

import java.io.IOException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/** How many characters a line may have. */
public final class TerminalWidth {
  private static final int ASSUMED = 80;

  private TerminalWidth() {}

  /** Of {@code console}'s terminal now; without one, lines may be of any length. */
  public static int of(Console console) {
    if (!console.live()) {
      return Wrap.UNLIMITED;
    }
    try (Terminal terminal = TerminalBuilder.builder().system(true).dumb(true).build()) {
      return of(terminal);
    } catch (IOException _) {
      return ASSUMED;
    }
  }

  static int of(Terminal terminal) {
    int width = terminal.getSize().getColumns();
    return width > 0 ? width : ASSUMED;
  }
}
