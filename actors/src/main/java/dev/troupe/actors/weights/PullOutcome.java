package dev.troupe.actors.weights;

import java.util.List;

/** How a pull ended. */
public sealed interface PullOutcome {

  /**
   * The weights are here, verified; whoever asked closes the file.
   *
   * @param chunks what the image has
   * @param fetched how many of them came over the network
   * @param fetchNanos until the last one was written, without the rest of the verification
   */
  record Complete(WeightFile file, int chunks, int fetched, long fetchNanos)
      implements PullOutcome {}

  /** Nobody wanted it any more. */
  record Cancelled() implements PullOutcome {}

  /**
   * It didn't work.
   *
   * @param why for people, with the last failure of each source
   */
  record Failed(String why, List<String> sources) implements PullOutcome {
    public Failed {
      sources = List.copyOf(sources);
    }
  }
}
