package dev.troupe.rollout.verify.math;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Rewrites LaTeX as people and models write it into LaTeX that {@link AnswerParser} reads: sizes of
 * brackets, fonts, money, units and quotes go, "and" between answers becomes a comma, and {@code
 * \frac12}, {@code \sqrt3} and {@code sqrt(3)} get their braces. The rules and their order are
 * those of math-verify's normalisation with all of its groups on.
 */
final class Normalizer {
  private record Rule(Pattern pattern, String replacement) {
    String apply(String text) {
      return pattern.matcher(text).replaceAll(replacement);
    }
  }

  private static final String OPENING =
      "\\\\\\{|\\{|\\\\\\||\\||\\[|\\(|\\\\r"
          + "bracl|\\\\lgroup|\\\\lbrace|\\\\lbrack|\\\\vert|\\\\lvert"
          + "|\\\\lceil|\\\\lfloor|\\\\langle|\\\\llcorner|\\\\ulcorner";
  private static final String CLOSING =
      "\\\\}|\\}|\\\\\\||\\||\\]|\\)|\\\\rbrack|\\\\rgroup|\\\\rbrace|\\\\vert|\\\\rvert|\\\\rceil"
          + "|\\\\rfloor|\\\\rangle|\\\\lrcorner|\\\\urcorner";

  private static final List<Rule> BRACKETS =
      List.of(
          rule("\\\\m?left(" + OPENING + ")", "$1"),
          rule("\\\\m?right(" + CLOSING + ")", "$1"),
          rule(
              "\\(([a-zA-Z0-9+\\-*/\\\\ ]{1,80}?)\\)_\\{([a-zA-Z0-9+\\-*/\\\\ ]{1,80}?)\\}",
              "\\\\frac{($1)!}{(($1)-($2))!}"),
          rule(
              "\\\\mathrm\\{th\\}|\\\\!\\s*|\\\\text\\s*\\{\\s*\\}|\\\\\\$|\\$|(?<!\\\\)[\"']"
                  + "|\\\\displaystyle",
              ""));

  /** Tried together at each place, the first that fits wins. */
  private static final List<Rule> WORDS =
      List.of(
          rule("\\\\math(?:rm|it|bf)", "\\text"),
          rule("\\\\text(?:normal|bf|it|rm)", "\\text"),
          rule("\\\\(?:d|t|c)frac", "\\frac"),
          rule("\\s\\.", " 0."),
          rule("\\{\\.", "{0."),
          rule("~=", "\\approx"),
          rule("\\s*\\{\\s*,\\s*\\}", ","),
          rule("(?<![a-zA-Z]),?\\s*(?:and|or)(?![a-zA-Z])", ","),
          rule(",?\\s*\\\\text\\{\\s*(?:and|or)\\s*\\}", ","),
          rule("(?<!\\\\)\\\\\\s", " "),
          rule("infinity", "\\infty"),
          rule(",?\\\\ldots", " "),
          rule("\\s*\\bpercentage\\b", "\\%"),
          rule("\\\\text\\{percentage\\}", "%"),
          rule("\\s*\\bpercent\\b", "\\%"),
          rule("\\\\text\\{percent\\}", "%"),
          rule("\\s*\\bpct\\b", "\\%"),
          rule("\\\\text\\{pct\\}", "%"),
          rule("(?<!\\\\)inf(?!inity)", "\\infty"),
          rule(" sqrt", "\\sqrt"));

  private static final Pattern ANY_WORD = anyOf(WORDS);

  private static final Rule DOUBLED_BACKSLASH = rule("\\\\\\\\(?=[a-zA-Z])", "\\\\");

  private static final Rule UNIT_IN_TEXT =
      rule("\\\\(?:text|mbox)\\{.*?\\}(?:\\^\\d|\\{\\^\\d\\})?$", "");

  private static final Pattern UNIT =
      Pattern.compile(
          "(\\d|\\}|\\s)\\s*(?:"
              + String.join(
                  "|",
                  """
                  integerpoint,feet,sue,digit,pound,meal,edge,student,children ticket,multiple,east,
                  degree,mph,kmph,ft,m square,m east,sq m,deg,mile,q .,monkey,prime,ratio,
                  profit of rs,rd,o,gm,p . m,lb,tile,per,dm,lt,gain,ab,way,west,a .,b .,c .,d .,e .,
                  f .,g .,h .,t,h,no change,men,soldier,pie,bc,excess,st,inches,noon,cent,by,gal,kmh,
                  c,acre,rise,a . m,th,π r 2,sq,mark,l,toy,coin,sq . m,gallon,° f,profit,minw,yr,
                  women,am,pm,hr,cu cm,square,are,rupee,rounds,cubic,cc,mtr,s,ohm,number,day,hour,
                  minute,min,second,man,woman,sec,cube,mt,sq inch,mp,∏ cm ³,hectare,more,unit,cu . m,
                  cm 2,rs .,rs,kg,g,month,km,m,cm,mm,apple,liter,loss,yard,pure,year,increase,
                  decrease,d,less,Surface,litre,pi sq m,s .,metre,meter,inch\
                  """
                      .split(",\\s*"))
              + ")(?:s|es)?\\s*$");

  private static final List<Rule> MISSING_BRACES =
      List.of(
          rule("\\^\\s?\\((.*?)\\)", "^{$1}"),
          rule("sqrt\\s?\\((.*?)\\)", "\\\\sqrt{$1}"),
          rule("\\\\frac\\s?(\\d)\\s?(\\d+)", "\\\\frac{$1}{$2}"),
          rule("\\\\log_\\s?(\\d)\\s?(\\d+)", "\\\\log_{$1}{$2}"),
          rule("\\\\frac\\s?\\{(.*?)\\}\\s?(\\d)", "\\\\frac{$1}{$2}"),
          rule("\\\\frac\\s?(\\d)\\s?\\{(.*?)\\}", "\\\\frac{$1}{$2}"),
          rule("\\\\sqrt\\s?(\\d)", "\\\\sqrt{$1}"));

  private static final Pattern SIMPLE_FRACTION = Pattern.compile("(0|-?[1-9]\\d*)/(0|-?[1-9]\\d*)");

  private Normalizer() {}

  static String normalized(String latex) {
    String text =
        latex.replace("\\mathrm{T}", "T").replace("\\mathrm{d}", "d").replace("{\\rm d}", "d");
    text =
        text.replace("\\left[\\begin{matrix}", "\\begin{bmatrix}")
            .replace("\\end{matrix}\\right]", "\\end{bmatrix}");
    for (Rule rule : BRACKETS) {
      text = rule.apply(text);
    }
    text = withoutWords(text).replace('\n', ' ').replace('\t', ' ');
    if (!text.contains("matrix")) {
      text = DOUBLED_BACKSLASH.apply(text);
    }
    text = withoutUnits(text);
    if (text.startsWith(".")) {
      text = "0" + text;
    }
    if (text.equals("0.5")) {
      text = "\\frac{1}{2}";
    }
    for (Rule rule : MISSING_BRACES) {
      text = rule.apply(text);
    }
    text = text.replace(" sqrt", "\\sqrt");
    return slashed(fractions(roots(text))).strip();
  }

  private static String withoutWords(String text) {
    Matcher matcher = ANY_WORD.matcher(text);
    StringBuilder result = new StringBuilder();
    while (matcher.find()) {
      for (int i = 0; i < WORDS.size(); i++) {
        if (matcher.group(i + 1) != null) {
          matcher.appendReplacement(result, Matcher.quoteReplacement(WORDS.get(i).replacement()));
          break;
        }
      }
    }
    return matcher.appendTail(result).toString();
  }

  private static String withoutUnits(String latex) {
    String text = latex;
    String without = UNIT_IN_TEXT.apply(text).strip();
    if (!without.isEmpty()) {
      text = without;
    }
    for (int i = 0; i < 2; i++) {
      without = UNIT.matcher(text).replaceAll("$1");
      if (!without.isEmpty()) {
        text = without;
      }
    }
    return text;
  }

  /** A root of one character without braces. */
  private static String roots(String text) {
    List<String> parts = parts(text, "\\sqrt");
    StringBuilder result = new StringBuilder(parts.getFirst());
    for (String part : parts.subList(1, parts.size())) {
      String rest = part.stripLeading();
      result.append("\\sqrt");
      if (rest.isEmpty() || rest.charAt(0) == '{' || rest.charAt(0) == '[') {
        result.append(rest);
      } else {
        result.append('{').append(rest.charAt(0)).append('}').append(rest, 1, rest.length());
      }
    }
    return result.toString();
  }

  /** A fraction of one character each without braces; as it was where one is missing. */
  private static String fractions(String text) {
    List<String> parts = parts(text, "\\frac");
    StringBuilder result = new StringBuilder(parts.getFirst());
    for (String part : parts.subList(1, parts.size())) {
      String rest = part.stripLeading();
      result.append("\\frac");
      if (rest.startsWith("{")) {
        result.append(rest);
      } else if (rest.length() < 2) {
        return text;
      } else {
        result.append('{').append(rest.charAt(0)).append('}');
        if (rest.charAt(1) == '{') {
          result.append(rest, 1, rest.length());
        } else {
          result.append('{').append(rest.charAt(1)).append('}').append(rest, 2, rest.length());
        }
      }
    }
    return result.toString();
  }

  private static String slashed(String text) {
    Matcher matcher = SIMPLE_FRACTION.matcher(text);
    return matcher.matches() ? "\\frac{" + matcher.group(1) + "}{" + matcher.group(2) + "}" : text;
  }

  private static List<String> parts(String text, String separator) {
    List<String> parts = new ArrayList<>();
    int from = 0;
    for (int at = text.indexOf(separator); at >= 0; at = text.indexOf(separator, from)) {
      parts.add(text.substring(from, at));
      from = at + separator.length();
    }
    parts.add(text.substring(from));
    return parts;
  }

  private static Rule rule(String pattern, String replacement) {
    return new Rule(Pattern.compile(pattern), replacement);
  }

  private static Pattern anyOf(List<Rule> rules) {
    List<String> groups = new ArrayList<>();
    for (Rule rule : rules) {
      groups.add("(" + rule.pattern().pattern() + ")");
    }
    return Pattern.compile(String.join("|", groups));
  }
}
