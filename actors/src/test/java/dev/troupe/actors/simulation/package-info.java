/**
 * A whole run in one thread, decided by a seed: the real bookkeeping among pretended machines,
 * disks and messages that fail in every way, with its promises checked after every step.
 */
@NullMarked
package dev.troupe.actors.simulation;

import org.jspecify.annotations.NullMarked;
