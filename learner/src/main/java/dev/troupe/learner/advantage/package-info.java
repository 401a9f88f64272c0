/** How good each trained token was, from the scores of compared sequences. */
@NullMarked
package dev.troupe.learner.advantage;

import org.jspecify.annotations.NullMarked;
