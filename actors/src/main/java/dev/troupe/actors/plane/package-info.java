/**
 * Measures the way of a trajectory between real nodes, from samplers and a learner that pretend.
 */
@NullMarked
package dev.troupe.actors.plane;

import org.jspecify.annotations.NullMarked;
