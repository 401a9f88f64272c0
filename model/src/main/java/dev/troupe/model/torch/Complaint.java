package dev.troupe.model.torch;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What libtorch said about a program, cut to what helps: where, and one sentence. Its own frames,
 * the traceback as text, requests for bug reports and advice for Python are left out.
 *
 * @param frames the lines it came through, the innermost last
 * @param sentence what is wrong
 */
record Complaint(List<Frame> frames, String sentence) {
  private static final int LETTERS_MAX = 500;

  /** Of a traceback; the text of the line, where it is shown, follows it up to the mark. */
  private static final Pattern FRAME =
      Pattern.compile("(?m)^ {2}File \"([^\"]+)\", line (\\d+)(?:, in (\\S+))?$");

  private static final Pattern MARK = Pattern.compile("(?m)^(.*)\\R\\s*~+ <--- HERE");

  /** What begins one of these has nothing to say about the program. */
  private static final Pattern NOISE =
      Pattern.compile(
          "\\R?(Exception raised from|frame #\\d|C\\+\\+ CapturedTraceback|Hint: |"
              + "The original call is|'\\S+' is being compiled since|"
              + "CUDA kernel errors might be|For debugging consider)");

  private static final Pattern REQUESTS =
      Pattern.compile(
          "(?i)\\s*\\(Could this error message be improved\\?[^)]*\\)"
              + "|,? ?please (report|file) a bug[^.\\n]*\\.?"
              + "|,? ?If you (see|are seeing) this[^.\\n]*report[^.\\n]*\\.?"
              + "| at \"[^\"]+\\.(cpp|h|cu|cuh)\":\\d+");

  /**
   * A line of a program.
   *
   * @param source the file
   * @param function that it stands in; empty where that isn't said
   * @param text of the line; empty where it isn't shown
   */
  record Frame(String source, int line, String function, String text) {
    /** For messages. */
    String words() {
      return source + ", line " + line + (text.isEmpty() ? "" : " [" + text + "]");
    }
  }

  Complaint {
    frames = List.copyOf(frames);
  }

  /**
   * Reads {@code words}, with the lines of the sources.
   *
   * @param compiling the sentence comes first then, and the traceback after it
   */
  static Complaint of(String words, boolean compiling) {
    List<Frame> frames = new ArrayList<>();
    Matcher frame = FRAME.matcher(words);
    int first = words.length();
    while (frame.find()) {
      first = Math.min(first, frame.start());
      String rest = words.substring(frame.end());
      Matcher next = FRAME.matcher(rest);
      Matcher mark = MARK.matcher(next.find() ? rest.substring(0, next.start()) : rest);
      String function = frame.group(3) == null ? "" : frame.group(3);
      frames.add(
          new Frame(
              frame.group(1),
              Integer.parseInt(frame.group(2)),
              function,
              mark.find() ? mark.group(1).strip() : ""));
    }
    if (compiling) {
      return new Complaint(frames.reversed(), sentence(words.substring(0, first)));
    }
    int said = words.lastIndexOf("RuntimeError: ");
    String sentence = said < 0 ? words.substring(0, first) : words.substring(said);
    return new Complaint(frames, sentence(sentence.replaceFirst("^RuntimeError: ", "")));
  }

  /** One line without noise. */
  private static String sentence(String words) {
    Matcher noise = NOISE.matcher(words);
    String told = noise.find() && noise.start() > 0 ? words.substring(0, noise.start()) : words;
    String line = REQUESTS.matcher(told).replaceAll("").replaceAll("\\s+", " ").strip();
    String ended = line.replaceFirst("[:.\\s]+$", "");
    return ended.length() <= LETTERS_MAX ? ended : ended.substring(0, LETTERS_MAX) + "...";
  }
}
