/** Settings of verifiers: records, bound strictly to what a recipe writes. */
@NullMarked
package dev.troupe.rollout.verify.settings;

import org.jspecify.annotations.NullMarked;
