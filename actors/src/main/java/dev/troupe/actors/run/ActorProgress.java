package dev.troupe.actors.run;

import java.time.Duration;

/**
 * What an actor of a run does.
 *
 * @param progress grows with its work
 * @param waitsFor empty while it works
 * @param since its last progress
 */
public record ActorProgress(String name, long progress, String waitsFor, Duration since) {}
