/** Pictures as lists of simple shapes, to be drawn by whoever has a screen or a file. */
@NullMarked
package dev.troupe.rollout.picture;

import org.jspecify.annotations.NullMarked;
