package dev.troupe.rollout.verify.instruction;

import dev.troupe.protocol.check.Check;

/** Something that an instruction demands of a response. */
@FunctionalInterface
interface Constraint {
  boolean isMet(String response);

  /** How a count compares with a bound. */
  enum Relation {
    LESS_THAN,
    AT_LEAST;

    /** As IFEval writes it. */
    static Relation of(String component, String written) {
      Check.that(
          written.equals("less than") || written.equals("at least"),
          component,
          "\"less than\" or \"at least\"",
          written);
      return written.equals("less than") ? LESS_THAN : AT_LEAST;
    }

    boolean holds(long count, long bound) {
      return switch (this) {
        case LESS_THAN -> count < bound;
        case AT_LEAST -> count >= bound;
      };
    }
  }
}
