package dev.troupe.rollout.picture;

/** A place in a picture: x to the right, y down, as on a screen. */
public record Point(double x, double y) {}
