package dev.troupe.rollout.verify.http;

/** What a server said, short enough for a message. */
final class Quote {
  private static final int CHARACTERS_MAX = 300;

  private Quote() {}

  static String of(String text) {
    String said = text.strip();
    return said.length() <= CHARACTERS_MAX ? said : said.substring(0, CHARACTERS_MAX) + "…";
  }
}
