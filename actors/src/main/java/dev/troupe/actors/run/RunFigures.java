package dev.troupe.actors.run;

/** What was measured of reinforcement learning in this process. */
public record RunFigures(RunEvent.Rates rates, double meanPolicyLag) {}
