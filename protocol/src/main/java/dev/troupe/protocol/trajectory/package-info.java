/** The record of an episode. */
@NullMarked
package dev.troupe.protocol.trajectory;

import org.jspecify.annotations.NullMarked;
