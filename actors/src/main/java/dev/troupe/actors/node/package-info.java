/** What a node offers to a run, and who lives there. */
@NullMarked
package dev.troupe.actors.node;

import org.jspecify.annotations.NullMarked;
