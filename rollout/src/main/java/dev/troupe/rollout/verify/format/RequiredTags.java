package dev.troupe.rollout.verify.format;

import dev.troupe.plugin.Verifier.Setting;
import dev.troupe.protocol.check.Check;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.rollout.verify.Attempt;
import dev.troupe.rollout.verify.Rule;
import dev.troupe.rollout.verify.Verdicts;
import dev.troupe.rollout.verify.VerifierKind;
import java.util.List;
import java.util.Optional;

/**
 * Whether an answer has each of some pairs of tags, opened and closed once.
 *
 * <p>A pair counts where {@code <tag>} and {@code </tag>} stand in the answer exactly once, in this
 * order, and begin after the pair before it ended. The score is 1 where all count, else 0; with
 * {@code partial} it is the share that counts.
 */
public final class RequiredTags implements Rule {
  public static final VerifierKind<Settings> KIND =
      new VerifierKind<>(
          "tags",
          "1",
          "1 where the answer has some pairs of tags, each once and in order, else 0",
          "nothing",
          Settings.class,
          RequiredTags::new);

  private final Settings settings;

  private RequiredTags(Settings settings) {
    this.settings = settings;
  }

  /** What can be set. */
  public record Settings(
      @Setting(means = "Names of the tags, in order.", standard = "[\"think\", \"answer\"]")
          List<String> tags,
      @Setting(means = "Whether some of them earn their share.", standard = "false")
          boolean partial,
      @Setting(
              means = "Whether anything but white space may stand outside of the tags.",
              standard = "true")
          boolean outside) {
    public Settings {
      Check.that(!tags.isEmpty(), "tags", "at least one name", tags);
      Check.that(
          tags.stream().noneMatch(tag -> tag.isBlank() || tag.contains(">")),
          "tags",
          "names that are not blank and without >",
          tags);
    }
  }

  @Override
  public Outcome judge(Attempt attempt) {
    String answer = attempt.answer();
    int from = 0;
    int good = 0;
    boolean clean = true;
    for (String tag : settings.tags()) {
      String open = "<" + tag + ">";
      String close = "</" + tag + ">";
      int begin = once(answer, open);
      int end = once(answer, close);
      if (begin >= from && end >= begin + open.length()) {
        clean &= answer.substring(from, begin).isBlank();
        good++;
        from = end + close.length();
      }
    }
    clean &= answer.substring(from).isBlank();
    double share = (double) good / settings.tags().size();
    boolean all = good == settings.tags().size() && (settings.outside() || clean);
    return settings.partial() && !all
        ? new Outcome.Scored(
            settings.outside() || clean ? share : 0,
            List.of(new Outcome.Part("share", share)),
            Optional.empty())
        : Verdicts.of(all);
  }

  /** Where {@code mark} stands, if it does so once; else -1. */
  private static int once(String text, String mark) {
    int first = text.indexOf(mark);
    return first >= 0 && text.indexOf(mark, first + 1) < 0 ? first : -1;
  }
}
