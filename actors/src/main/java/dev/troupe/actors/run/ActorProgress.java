package dev.troupe.actors.run;

import java.time.Duration;

/**
 * What an actor of a run does.
 *
 * @param progress grows with its work
 * @param waitsFor empty while it works
 * @param since its last progress
 * @param tokensPerSecond over the last seconds; 0 of an actor that makes none
 */
public record ActorProgress(
    String name, long progress, String waitsFor, Duration since, double tokensPerSecond) {

  /** Of an actor that makes no tokens. */
  public ActorProgress(String name, long progress, String waitsFor, Duration since) {
    this(name, progress, waitsFor, since, 0);
  }

  public ActorProgress with(double tokens) {
    return new ActorProgress(name, progress, waitsFor, since, tokens);
  }
}
