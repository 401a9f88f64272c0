package dev.troupe.deploy.picture;

import dev.troupe.rollout.picture.Picture;

/** A picture and what is to be read below it. */
public record Slide(Picture picture, String caption) {}
