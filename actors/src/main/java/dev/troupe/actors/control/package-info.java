/** Runs in environments: their tasks, what samples in them, and what learns from that. */
@NullMarked
package dev.troupe.actors.control;

import org.jspecify.annotations.NullMarked;
