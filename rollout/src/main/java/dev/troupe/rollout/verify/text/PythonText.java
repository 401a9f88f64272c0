package dev.troupe.rollout.verify.text;

/**
 * What Python's {@code str} and {@code re} take for digits, word characters and white space. The
 * reference verifiers are written in it, and Java's own classes differ in scripts other than Latin.
 */
public final class PythonText {
  private PythonText() {}

  /** {@code \d}: decimal digits of any script. */
  public static boolean isDigit(int codePoint) {
    return codePoint < 128
        ? codePoint >= '0' && codePoint <= '9'
        : Character.getType(codePoint) == Character.DECIMAL_DIGIT_NUMBER;
  }

  /** {@code \w}: letters, numbers of any kind, and the underscore. */
  public static boolean isWord(int codePoint) {
    if (codePoint == '_') {
      return true;
    }
    int type = Character.getType(codePoint);
    return Character.isLetterOrDigit(codePoint)
        || type == Character.LETTER_NUMBER
        || type == Character.OTHER_NUMBER;
  }

  /** {@code \s}, {@code str.split} and {@code str.strip}. */
  public static boolean isSpace(int codePoint) {
    return switch (codePoint) {
      case ' ', '\t', '\n', 0x0b, '\f', '\r', 0x1c, 0x1d, 0x1e, 0x1f, 0x85 -> true;
      default -> codePoint >= 128 && Character.isSpaceChar(codePoint);
    };
  }

  /** {@code string.punctuation}: that of ASCII. */
  public static boolean isPunctuation(int codePoint) {
    return "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~".indexOf(codePoint) >= 0;
  }

  /** {@code str.strip}. */
  public static String strip(String text) {
    int start = 0;
    int end = text.length();
    while (start < end && isSpace(text.charAt(start))) {
      start++;
    }
    while (end > start && isSpace(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(start, end);
  }
}
