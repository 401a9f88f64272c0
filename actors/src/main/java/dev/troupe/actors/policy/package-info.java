/** How new policy versions reach the samplers. */
@NullMarked
package dev.troupe.actors.policy;

import org.jspecify.annotations.NullMarked;
