/**
 * Random numbers as pure functions of their position: nothing is drawn, everything is looked up.
 */
@NullMarked
package dev.troupe.rollout.random;

import org.jspecify.annotations.NullMarked;
