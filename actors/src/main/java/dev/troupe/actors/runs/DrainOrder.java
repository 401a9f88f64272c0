package dev.troupe.actors.runs;

/**
 * What somebody asked for: a node is to leave.
 *
 * @param node its name
 * @param now whether it gives back what it holds, rather than finishing it
 */
record DrainOrder(String node, boolean now) {
  String words() {
    return "node ["
        + node
        + (now
            ? "] gives its leases back and leaves"
            : "] finishes what it holds, takes no more, and leaves");
  }
}
