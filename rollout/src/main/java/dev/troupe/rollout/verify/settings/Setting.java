package dev.troupe.rollout.verify.settings;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What a component of a settings record means, and what it is where nothing is written. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Setting {
  /** For people, one sentence. */
  String means();

  /**
   * The default as a recipe would write it, texts without quotes; none = it must be written, unless
   * the component is an {@code Optional}.
   */
  String[] standard() default {};
}
