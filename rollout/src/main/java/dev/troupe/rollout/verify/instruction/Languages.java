package dev.troupe.rollout.verify.instruction;

import com.optimaize.langdetect.DetectedLanguage;
import com.optimaize.langdetect.LanguageDetector;
import com.optimaize.langdetect.LanguageDetectorBuilder;
import com.optimaize.langdetect.i18n.LdLocale;
import com.optimaize.langdetect.ngram.NgramExtractors;
import com.optimaize.langdetect.profiles.LanguageProfileReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Which language a text is in: the n-gram model of langdetect (Nakatani Shuyo), in the Java library
 * that carries it on, with the 55 languages that the Python port has. Read once.
 *
 * <p>A text all in capitals is read in small letters: the reference is next to guessing there.
 */
final class Languages {
  private static final String CODES =
      "af ar bg bn ca cs cy da de el en es et fa fi fr gu he hi hr hu id it ja kn ko lt lv mk ml mr"
          + " ne nl no pa pl pt ro ru sk sl so sq sv sw ta te th tl tr uk ur vi zh-CN zh-TW";

  /** What the reference answers where no language is likely. */
  private static final String UNKNOWN = "unknown";

  private Languages() {}

  private static final class Held {
    private static final LanguageDetector DETECTOR = read();

    private static LanguageDetector read() {
      List<LdLocale> languages = Arrays.stream(CODES.split(" ")).map(LdLocale::fromString).toList();
      try {
        return LanguageDetectorBuilder.create(NgramExtractors.standard())
            .withProfiles(new LanguageProfileReader().readBuiltIn(languages))
            .seed(0)
            .build();
      } catch (IOException e) {
        throw new UncheckedIOException("the languages' profiles are missing", e);
      }
    }
  }

  /** Reads the languages. */
  static void prepare() {
    detect("en");
  }

  /** Code of the most likely language; empty for a text without letters. */
  static Optional<String> detect(String text) {
    if (text.codePoints().noneMatch(Character::isLetter)) {
      return Optional.empty();
    }
    boolean isCapital = text.codePoints().noneMatch(Character::isLowerCase);
    List<DetectedLanguage> likely =
        Held.DETECTOR.getProbabilities(isCapital ? text.toLowerCase(Locale.ROOT) : text);
    return Optional.of(
        likely.isEmpty()
            ? UNKNOWN
            : likely.getFirst().getLocale().toString().toLowerCase(Locale.ROOT));
  }
}
