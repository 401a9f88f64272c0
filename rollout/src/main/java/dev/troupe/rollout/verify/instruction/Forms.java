package dev.troupe.rollout.verify.instruction;

import com.google.gson.JsonParseException;
import com.google.re2j.PatternSyntaxException;
import dev.troupe.plugin.Verifier.Setting;
import dev.troupe.protocol.check.InvalidValueException;
import dev.troupe.rollout.verify.settings.JsonText;
import dev.troupe.rollout.verify.text.PythonText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Constraints on marks, headings, beginnings and ends. */
final class Forms {
  private static final List<String> ANSWERS =
      List.of("My answer is yes.", "My answer is no.", "My answer is maybe.");
  private static final List<String> FENCES = List.of("```json", "```Json", "```JSON", "```");

  /** Python's reader takes them for numbers. */
  private static final List<String> CONSTANTS = List.of("NaN", "Infinity", "-Infinity");

  private static final Pattern PLACEHOLDER = Pattern.compile("\\[[^\n\\]]*\\]");
  private static final Pattern HIGHLIGHT = Pattern.compile("\\*([^\n*]*)\\*");
  private static final Pattern DOUBLE_HIGHLIGHT = Pattern.compile("\\*\\*([^\n*]*)\\*\\*");
  private static final Pattern TITLE = Pattern.compile("<<[^\n]+>>");

  private Forms() {}

  record Placeholders(@Setting(means = "At least so many.") int numPlaceholders) {}

  record Postscript(@Setting(means = "How it begins.") String postscriptMarker) {}

  record Bullets(@Setting(means = "Exactly so many.") int numBullets) {}

  record Highlights(@Setting(means = "At least so many.") int numHighlights) {}

  record Sections(
      @Setting(means = "The word before a section's number.") String sectionSpliter,
      @Setting(means = "At least so many.") int numSections) {}

  record Repeat(@Setting(means = "What comes first.") String promptToRepeat) {}

  record End(@Setting(means = "What comes last.") String endPhrase) {}

  /** {@code [like this]}, within a line. */
  static Constraint placeholders(Placeholders kwargs) {
    return response -> PLACEHOLDER.matcher(response).results().count() >= kwargs.numPlaceholders();
  }

  /** Anywhere in the text: the reference's expressions are anchored at neither side. */
  static Constraint postscript(Postscript kwargs) {
    String expression =
        switch (kwargs.postscriptMarker()) {
          case "P.P.S" -> "p\\.\\s?p\\.\\s?s";
          case "P.S." -> "p\\.\\s?s\\.";
          case String marker -> marker.toLowerCase(Locale.ROOT);
        };
    com.google.re2j.Pattern pattern;
    try {
      pattern = com.google.re2j.Pattern.compile(expression);
    } catch (PatternSyntaxException e) {
      throw new InvalidValueException(
          "postscript-marker", "a regular expression in RE2's syntax", kwargs.postscriptMarker());
    }
    return response -> pattern.matcher(response.toLowerCase(Locale.ROOT)).find();
  }

  /** Lines that begin with one asterisk or with a dash. */
  static Constraint bullets(Bullets kwargs) {
    return response -> bullets(response) == kwargs.numBullets();
  }

  /**
   * Matches of {@code ^\s*\*[^\*].*$} and of {@code ^\s*-.*$}. The white space may be empty lines,
   * and so may the character that follows an asterisk: it may be the line's end.
   */
  private static int bullets(String text) {
    return matches(text, '*') + matches(text, '-');
  }

  private static int matches(String text, char mark) {
    int count = 0;
    int line = 0;
    while (line <= text.length()) {
      int at = line;
      while (at < text.length() && PythonText.isSpace(text.charAt(at))) {
        at++;
      }
      boolean isBullet =
          at < text.length()
              && text.charAt(at) == mark
              && (mark == '-' || (at + 1 < text.length() && text.charAt(at + 1) != '*'));
      count += isBullet ? 1 : 0;
      int from = isBullet ? at + (mark == '*' ? 2 : 1) : line;
      int end = text.indexOf('\n', from);
      if (end < 0) {
        break;
      }
      line = end + 1;
    }
    return count;
  }

  static boolean isConstrained(String response) {
    return ANSWERS.stream().anyMatch(response::contains);
  }

  /** {@code *this*} and {@code **this**}; a double one counts as what the two patterns find. */
  static Constraint highlights(Highlights kwargs) {
    return response ->
        filled(HIGHLIGHT, response) + filled(DOUBLE_HIGHLIGHT, response) >= kwargs.numHighlights();
  }

  private static long filled(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .filter(found -> !PythonText.strip(found.group(1)).isEmpty())
        .count();
  }

  /** The word and a number begin a section; what stands before the first doesn't count. */
  static Constraint sections(Sections kwargs) {
    com.google.re2j.Pattern pattern;
    try {
      pattern =
          com.google.re2j.Pattern.compile("\\s?" + kwargs.sectionSpliter() + "\\s?\\p{Nd}+\\s?");
    } catch (PatternSyntaxException e) {
      throw new InvalidValueException(
          "section-spliter", "a regular expression in RE2's syntax", kwargs.sectionSpliter());
    }
    return response -> {
      var matcher = pattern.matcher(response);
      int count = 0;
      while (matcher.find()) {
        count++;
      }
      return count >= kwargs.numSections();
    };
  }

  /** JSON, maybe in a code block. */
  static boolean isJson(String response) {
    String text = PythonText.strip(response);
    for (String fence : FENCES) {
      text = text.startsWith(fence) ? text.substring(fence.length()) : text;
    }
    text = PythonText.strip(text.endsWith("```") ? text.substring(0, text.length() - 3) : text);
    if (CONSTANTS.contains(text)) {
      return true;
    }
    try {
      JsonText.parse(text);
      return true;
    } catch (JsonParseException _) {
      return false;
    }
  }

  /** {@code <<title>>}, within a line. */
  static boolean hasTitle(String response) {
    Matcher matcher = TITLE.matcher(response);
    while (matcher.find()) {
      String title = matcher.group();
      int from = 0;
      int to = title.length();
      while (from < to && title.charAt(from) == '<') {
        from++;
      }
      while (to > from && title.charAt(to - 1) == '>') {
        to--;
      }
      if (!PythonText.strip(title.substring(from, to)).isEmpty()) {
        return true;
      }
    }
    return false;
  }

  /** Two different ones, divided by six asterisks. */
  static boolean isTwoResponses(String response) {
    String[] parts = Pattern.compile("******", Pattern.LITERAL).split(response, -1);
    List<String> filled = new ArrayList<>();
    for (int i = 0; i < parts.length; i++) {
      String part = PythonText.strip(parts[i]);
      if (!part.isEmpty()) {
        filled.add(part);
      } else if (i > 0 && i < parts.length - 1) {
        return false;
      }
    }
    return filled.size() == 2 && !filled.get(0).equals(filled.get(1));
  }

  static Constraint repeat(Repeat kwargs) {
    String first = PythonText.strip(kwargs.promptToRepeat()).toLowerCase(Locale.ROOT);
    return response -> PythonText.strip(response).toLowerCase(Locale.ROOT).startsWith(first);
  }

  /** Quotation marks around the whole don't count. */
  static Constraint end(End kwargs) {
    String last = PythonText.strip(kwargs.endPhrase()).toLowerCase(Locale.ROOT);
    return response -> {
      String text = PythonText.strip(response);
      int from = 0;
      int to = text.length();
      while (from < to && text.charAt(from) == '"') {
        from++;
      }
      while (to > from && text.charAt(to - 1) == '"') {
        to--;
      }
      return text.substring(from, to).toLowerCase(Locale.ROOT).endsWith(last);
    };
  }

  static boolean isQuoted(String response) {
    String text = PythonText.strip(response);
    return text.length() > 1 && text.startsWith("\"") && text.endsWith("\"");
  }
}
