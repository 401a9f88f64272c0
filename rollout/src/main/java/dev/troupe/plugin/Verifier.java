package dev.troupe.plugin;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A verifier of your own. {@code ./troupe reward new java NAME} writes one to begin with, or:
 * implement this, name the class in {@code META-INF/services/dev.troupe.plugin.Verifier}, and put
 * the jar into {@code plugins/}:
 *
 * <pre>
 * public final class Keyword implements Verifier&lt;Keyword.Settings&gt; {
 *   public record Settings(@Setting(means = "The word.", standard = "therefore") String word) {}
 *
 *   public int builtFor() { return INTERFACE; }
 *   public String name() { return "keyword"; }
 *   public String version() { return "1"; }
 *   public String about() { return "whether a word is in the answer"; }
 *   public Class&lt;Settings&gt; settings() { return Settings.class; }
 *
 *   public Judge open(Settings settings) {
 *     return (task, completion) -&gt; Verdict.score(completion.contains(settings.word()) ? 1 : 0);
 *   }
 * }
 * </pre>
 *
 * <p>A recipe then says {@code reward { verifier = java, settings { jar = "keyword.jar", settings {
 * word = "hence" } } }}.
 *
 * <p>This file, the JDK, and what lies in the jar itself are all that a plug-in sees: none of
 * Troupe's classes or libraries. The class needs a public constructor without arguments.
 *
 * @param <S> its settings; {@link None} if there is nothing to set
 */
public interface Verifier<S extends Record> {
  /** Version of this interface. A plug-in that was compiled with another one is refused. */
  int INTERFACE = 1;

  /** Always {@code return INTERFACE;}: the compiler writes down which one that is. */
  int builtFor();

  /** What recipes call it; outcomes and metrics name it so. */
  String name();

  /** To be raised when an answer that got one verdict gets another. */
  String version();

  /** One line on what it judges. */
  String about();

  /** What a task's expected answer must be for it, in words. */
  default String expects() {
    return "what " + name() + " wants to know";
  }

  /**
   * A record of its settings. Its components may be texts, booleans, numbers, enums, {@code
   * Duration}s, such records, and lists, optionals and maps (with texts as keys) of these, each
   * with a {@link Setting}. The constructor refuses values by an {@code IllegalArgumentException}.
   */
  Class<S> settings();

  /** The types of its {@link Detail}s: records, and records and enums within them. */
  default List<Class<?>> details() {
    return List.of();
  }

  /**
   * Makes what judges, once for each process.
   *
   * @throws Exception if it can't: before a run it is refused with the reason
   */
  Judge open(S settings) throws Exception;

  /** Judges answers. One thread at a time, but for {@code isolation = in-process}. */
  @FunctionalInterface
  interface Judge extends AutoCloseable {
    /**
     * The verdict on an answer. What it throws makes the outcome {@code Crashed}.
     *
     * @param completion the policy's answer, up to the end token
     */
    Verdict verify(Task task, String completion) throws Exception;

    /** Gives back what it holds. */
    @Override
    default void close() {}
  }

  /**
   * What was asked.
   *
   * @param prompt text given to the model
   * @param expected what the task says of the right answer; may be empty
   * @param finished false where the answer was cut off at the longest length
   * @param tokens of the answer, the end token included
   */
  record Task(String prompt, String expected, boolean finished, int tokens) {}

  /** A score, or why there is none. */
  sealed interface Verdict {
    /** A score without parts. */
    static Score score(double value) {
      return new Score(value, Map.of(), Optional.empty());
    }

    /** This task or answer can't be judged; it is not trained on. */
    static Invalid invalid(String why) {
      return new Invalid(why);
    }
  }

  /**
   * A reward.
   *
   * @param value finite, or the outcome is {@code Invalid}
   * @param parts named contributions, shown and counted by name
   * @param detail explains the score
   */
  record Score(double value, Map<String, Double> parts, Optional<Detail> detail)
      implements Verdict {
    /** The same with one more part. */
    public Score part(String name, double contribution) {
      Map<String, Double> more = new LinkedHashMap<>(parts);
      more.put(name, contribution);
      return new Score(value, more, detail);
    }

    /** The same with a detail, a record of a type that {@link Verifier#details} has. */
    public Score because(Detail explanation) {
      return new Score(value, parts, Optional.of(explanation));
    }
  }

  /** No score. */
  record Invalid(String why) implements Verdict {}

  /** A record that explains a score. It is kept with the outcome. */
  interface Detail {
    /** In one line, for people: the live page, {@code eval} and {@code sample} show it. */
    String words();
  }

  /** Settings of a verifier that has nothing to set. */
  record None() {}

  /** What a component of a settings record means, and what it is where nothing is written. */
  @Retention(RetentionPolicy.RUNTIME)
  @Target(ElementType.RECORD_COMPONENT)
  @interface Setting {
    /** For people, one sentence. */
    String means();

    /**
     * The default as a recipe would write it, texts without quotes; none = it must be written,
     * unless the component is an {@code Optional}.
     */
    String[] standard() default {};
  }
}
