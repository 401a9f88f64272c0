/** Who is doing what, who waits for whom, and whom to tell. */
@NullMarked
package dev.troupe.actors.monitor;

import org.jspecify.annotations.NullMarked;
