package dev.troupe.rollout.sandbox;

/** How a program in the sandbox ended. */
public sealed interface Ending {
  /** By itself. */
  record Exited(int code) implements Ending {}

  /** By a signal that no limit sent: a segmentation fault, for example. */
  record Signalled(int signal) implements Ending {}

  /** It was ended because of a limit. */
  record OverLimit(Limit limit) implements Ending {}

  /** What there was too much of. */
  enum Limit {
    WALL,
    CPU,
    MEMORY,
    FILES,
    OUTPUT
  }
}
