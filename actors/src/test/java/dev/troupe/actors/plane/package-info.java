/** Tests of the trajectory plane's measurement. */
@NullMarked
package dev.troupe.actors.plane;

import org.jspecify.annotations.NullMarked;
