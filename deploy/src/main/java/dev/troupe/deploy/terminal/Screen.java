package dev.troupe.deploy.terminal;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jline.terminal.Attributes;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.NonBlockingReader;

/** The whole terminal, drawn again and again until somebody quits; then it is as it was before. */
public final class Screen implements AutoCloseable {
  private static final long KEY_WITHIN_MILLIS = 200;
  private static final String ENTER = "\u001b[?1049h\u001b[?25l";
  private static final String LEAVE = "\u001b[?25h\u001b[?1049l";
  private static final int ESCAPE = 27;
  private static final int CTRL_C = 3;

  private final Terminal terminal;
  private final Attributes before;
  private final PrintWriter out;
  private final AtomicBoolean quit = new AtomicBoolean();
  private final Thread atExit;
  private int offset;

  private Screen(Terminal terminal) {
    this.terminal = terminal;
    this.before = terminal.enterRawMode();
    this.out = terminal.writer();
    this.atExit = new Thread(this::restore, "screen-restore");
    Runtime.getRuntime().addShutdownHook(atExit);
    terminal.handle(Terminal.Signal.INT, _ -> quit.set(true));
    out.print(ENTER);
    out.flush();
  }

  /** Takes the process's terminal. */
  public static Screen open() throws IOException {
    return new Screen(TerminalBuilder.builder().system(true).dumb(false).build());
  }

  /**
   * Shows {@code lines} until q or Ctrl-C.
   *
   * @param notices shown below them, unless empty
   */
  public void show(Supplier<List<String>> lines, Supplier<String> notices) throws IOException {
    while (!quit.get()) {
      draw(lines.get(), notices.get());
      key(lines.get().size());
    }
  }

  /**
   * Shows {@code lines} once, with {@code foot} below them.
   *
   * @param millis to wait for a key, at least 1
   * @return the key that was pressed within that time, q for Ctrl-C, too; empty without one
   */
  public OptionalInt frame(List<String> lines, String foot, long millis) throws IOException {
    draw(lines, foot);
    int key = terminal.reader().read(millis);
    if (quit.get() || key == CTRL_C || key == NonBlockingReader.EOF) {
      return OptionalInt.of('q');
    }
    return key < 0 ? OptionalInt.empty() : OptionalInt.of(key);
  }

  /** How many lines have room above the foot now. */
  public int lines() {
    return height() - 1;
  }

  private int height() {
    int rows = terminal.getSize().getRows();
    return Math.max(3, rows > 0 ? rows : 24);
  }

  /** How wide it is now. */
  public int columns() {
    return Math.max(20, TerminalWidth.of(terminal));
  }

  private void draw(List<String> lines, String notice) {
    int width = columns();
    int room = lines();
    offset = Math.max(0, Math.min(offset, lines.size() - room));
    StringBuilder text = new StringBuilder("\u001b[H");
    for (int i = 0; i < room; i++) {
      if (offset + i < lines.size()) {
        text.append(LiveBlock.cut(lines.get(offset + i), width));
      }
      text.append("\u001b[K\r\n");
    }
    String below = offset + room < lines.size() ? "   more below" : "";
    String foot =
        notice.isEmpty()
            ? LocalTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS)
                + "   q quits"
                + below
            : notice.replace('\n', ' ');
    text.append("\u001b[7m").append(LiveBlock.cut(foot, width - 1)).append("\u001b[0m\u001b[K");
    out.print(text);
    out.flush();
  }

  private void key(int lines) throws IOException {
    NonBlockingReader keys = terminal.reader();
    int key = keys.read(KEY_WITHIN_MILLIS);
    switch (key) {
      case 'q', 'Q', CTRL_C, NonBlockingReader.EOF -> quit.set(true);
      case 'j' -> offset++;
      case 'k' -> offset--;
      case ' ' -> offset += 10;
      case 'g' -> offset = 0;
      case 'G' -> offset = lines;
      case ESCAPE -> sequence(keys);
      default -> {}
    }
  }

  private void sequence(NonBlockingReader keys) throws IOException {
    if (keys.read(20) != '[' && keys.peek(1) < 0) {
      return;
    }
    switch (keys.read(20)) {
      case 'A' -> offset--;
      case 'B' -> offset++;
      case '5' -> offset -= 10;
      case '6' -> offset += 10;
      default -> {}
    }
  }

  private void restore() {
    out.print(LEAVE);
    out.flush();
    terminal.setAttributes(before);
  }

  @Override
  public void close() throws IOException {
    restore();
    Runtime.getRuntime().removeShutdownHook(atExit);
    terminal.close();
  }
}
