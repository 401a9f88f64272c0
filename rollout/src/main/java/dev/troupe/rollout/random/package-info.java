/**
 * Random numbers: as pure functions of their position (Philox), and as NumPy's stream for
 * environments (PCG64).
 */
@NullMarked
package dev.troupe.rollout.random;

import org.jspecify.annotations.NullMarked;
