/** Losses: what is minimised, as torch program text, and how tokens are weighted. */
@NullMarked
package dev.troupe.learner.loss;

import org.jspecify.annotations.NullMarked;
