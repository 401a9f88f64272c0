/** Verifiers tried on answers that are already there. */
@NullMarked
package dev.troupe.deploy.reward;

import org.jspecify.annotations.NullMarked;
