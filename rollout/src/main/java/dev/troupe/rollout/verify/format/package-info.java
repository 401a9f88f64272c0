/** Verifiers of an answer's form, whatever it says. */
@NullMarked
package dev.troupe.rollout.verify.format;

import org.jspecify.annotations.NullMarked;
