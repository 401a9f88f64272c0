/** Verifiers that compare an answer's text with a reference. */
@NullMarked
package dev.troupe.rollout.verify.text;

import org.jspecify.annotations.NullMarked;
