package dev.troupe.deploy.terminal;

import com.google.errorprone.annotations.FormatMethod;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/**
 * Where a command writes to.
 *
 * @param out results
 * @param err errors and warnings
 * @param live whether {@code out} is a terminal whose lines can be rewritten
 * @param colours whether {@code out} shows ANSI colours
 */
public record Console(PrintStream out, PrintStream err, boolean live, boolean colours) {

  /**
   * This process's. The launcher says with the system property {@code troupe.terminal} whether
   * standard output is a terminal; {@code NO_COLOR} and {@code TERM=dumb} are honoured.
   */
  public static Console ofProcess(Map<String, String> environment) {
    boolean dumb = environment.getOrDefault("TERM", "dumb").equals("dumb");
    boolean live = Boolean.getBoolean("troupe.terminal") && !dumb;
    boolean colours = live && environment.getOrDefault("NO_COLOR", "").isEmpty();
    return new Console(
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8),
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
        live,
        colours);
  }

  /** Writes a line of results. */
  public void line(String text) {
    out.println(text);
  }

  /** Writes a line of results, formatted as everywhere in the world of programs. */
  @FormatMethod
  public void format(String pattern, Object... values) {
    out.println(String.format(Locale.ROOT, pattern, values));
  }

  /** Bold, where colours show. */
  public String bold(String text) {
    return styled("1", text);
  }

  /** Less important. */
  public String faint(String text) {
    return styled("2", text);
  }

  /** As it should be. */
  public String good(String text) {
    return styled("32", text);
  }

  /** Worth a look. */
  public String warning(String text) {
    return styled("33", text);
  }

  /** Wrong. */
  public String bad(String text) {
    return styled("31", text);
  }

  private String styled(String code, String text) {
    return colours ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }
}
