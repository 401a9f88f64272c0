package dev.troupe.rollout.verify.math;

import java.util.Optional;

/**
 * What was read from a text.
 *
 * @param term what it says; empty where nothing in it can be read
 * @param written what stood at the first place that was tried, normalised; empty where no place
 *     looked like an answer
 */
record Reading(Optional<Term> term, Optional<String> written) {}
