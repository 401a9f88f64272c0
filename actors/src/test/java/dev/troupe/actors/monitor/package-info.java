/** Tests of metrics, progress and the stall watch. */
@NullMarked
package dev.troupe.actors.monitor;

import org.jspecify.annotations.NullMarked;
