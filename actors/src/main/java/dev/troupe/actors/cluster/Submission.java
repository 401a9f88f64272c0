package dev.troupe.actors.cluster;

import dev.troupe.protocol.run.RunSpecification;

/**
 * A run that somebody wants made. The files that its recipe names are in {@link Runs#files()}, by
 * hash, before it is submitted.
 *
 * @param name of the run and its folder
 * @param recipe the resolved recipe's text, for people
 * @param resume whether the folder holds the run already and it goes on
 */
public record Submission(
    String name, RunSpecification specification, String recipe, boolean resume) {}
