/** The actor that improves the policy. */
@NullMarked
package dev.troupe.actors.learner;

import org.jspecify.annotations.NullMarked;
