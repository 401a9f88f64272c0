/** Verifiers made of other verifiers. */
@NullMarked
package dev.troupe.rollout.verify.composition;

import org.jspecify.annotations.NullMarked;
