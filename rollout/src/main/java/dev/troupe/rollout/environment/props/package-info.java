/** The small tasks on which PROPS was first shown. */
@NullMarked
package dev.troupe.rollout.environment.props;

import org.jspecify.annotations.NullMarked;
