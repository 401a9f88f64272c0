package dev.troupe.rollout.verify;

import dev.troupe.protocol.run.RewardSpecification;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/** The verifiers that recipes can name. */
public final class Verifiers {
  private record Entry(String version, Supplier<Verifier> make) {}

  private static final NavigableMap<String, Entry> KNOWN =
      new TreeMap<>(
          Map.of(
              ExactAnswerVerifier.NAME,
              new Entry(ExactAnswerVerifier.VERSION, ExactAnswerVerifier::new)));

  private Verifiers() {}

  /**
   * The verifier that {@code specification} names.
   *
   * @throws UnknownVerifierException for a name or version that doesn't exist
   */
  public static Verifier of(RewardSpecification specification) {
    String name = specification.verifier();
    Entry entry = KNOWN.get(name);
    if (entry == null) {
      String nearest =
          KNOWN.keySet().stream()
              .min(Comparator.comparingInt(known -> distance(name, known)))
              .orElseThrow();
      throw new UnknownVerifierException(
          "verifier ["
              + name
              + "] doesn't exist, expected one of "
              + KNOWN.keySet()
              + "; did you mean ["
              + nearest
              + "]?");
    }
    if (!entry.version().equals(specification.version())) {
      throw new UnknownVerifierException(
          "verifier ["
              + name
              + "] has version ["
              + entry.version()
              + "], got ["
              + specification.version()
              + "]");
    }
    return entry.make().get();
  }

  /** SHA-256 of a text, hex: the content hash of a verifier's settings. */
  static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Levenshtein distance: insertions, deletions and replacements between two names. */
  static int distance(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[to.length()];
  }
}
