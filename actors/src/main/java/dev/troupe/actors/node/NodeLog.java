package dev.troupe.actors.node;

import java.util.concurrent.CompletionStage;

/** What a node has logged. */
public interface NodeLog {
  /** Its last lines; reads on another thread. */
  CompletionStage<String> tail(int lines);
}
