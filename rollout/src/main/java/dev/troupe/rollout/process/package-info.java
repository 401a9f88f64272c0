/** Programs that are started and watched here, and the lines to them. */
@NullMarked
package dev.troupe.rollout.process;

import org.jspecify.annotations.NullMarked;
