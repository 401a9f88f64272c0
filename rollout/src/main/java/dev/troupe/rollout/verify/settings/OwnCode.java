package dev.troupe.rollout.verify.settings;

/**
 * Settings of a verifier whose code is the recipe's own, so that its version is what the recipe
 * says.
 */
public interface OwnCode {}
