/** Programs that judge answers, in processes that are started and watched here. */
@NullMarked
package dev.troupe.rollout.verify.worker;

import org.jspecify.annotations.NullMarked;
