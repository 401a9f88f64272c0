package dev.troupe.deploy.processor;

/** What a thread is for, by the name that the operating system knows (its first 15 characters). */
public enum ThreadKind {
  SAMPLING,
  LEARNING,
  /** Actors and what carries their messages: mailboxes, timers, connections. */
  DISPATCHING,
  /** The journal, and other files of a run. */
  JOURNAL,
  VERIFYING,
  COMPILING,
  COLLECTING,
  /** Metrics, the terminal and the page among them. */
  OTHER;

  static ThreadKind of(String name) {
    if (name.startsWith("sampler")) {
      return SAMPLING;
    }
    if (name.startsWith("learner")) {
      return LEARNING;
    }
    if (name.startsWith("troupe-pekko") || name.startsWith("troupe-schedul")) {
      return DISPATCHING;
    }
    if (name.startsWith("journal") || name.startsWith("troupe-io")) {
      return JOURNAL;
    }
    if (name.startsWith("verifier")) {
      return VERIFYING;
    }
    if (name.startsWith("C1 ") || name.startsWith("C2 ")) {
      return COMPILING;
    }
    if (name.equals("VM Thread") || name.startsWith("GC ") || name.startsWith("G1 ")) {
      return COLLECTING;
    }
    return OTHER;
  }
}
