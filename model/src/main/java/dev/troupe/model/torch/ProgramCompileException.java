package dev.troupe.model.torch;

import org.jspecify.annotations.Nullable;

/** Program text that the compiler refused. */
public final class ProgramCompileException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String program;
  private final String source;
  private final int line;
  private final String words;

  ProgramCompileException(
      String program, String source, int line, String words, @Nullable Throwable cause) {
    super(
        "program ["
            + program
            + "] does not compile: "
            + source
            + (line > 0 ? ", line " + line : "")
            + ": "
            + words.strip(),
        cause);
    this.program = program;
    this.source = source;
    this.line = line;
    this.words = words;
  }

  /** Name of the program. */
  public String program() {
    return program;
  }

  /** Name of the source file, or the program's where the compiler named no line. */
  public String source() {
    return source;
  }

  /** Line in that file from 1, or 0 where the compiler named none. */
  public int line() {
    return line;
  }

  /** What the compiler said, its line numbers translated to those of the source files. */
  public String words() {
    return words;
  }
}
