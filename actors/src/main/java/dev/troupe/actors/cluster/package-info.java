/** A process as a node of the cluster: how it starts, joins, leaves, and what people ask of it. */
@NullMarked
package dev.troupe.actors.cluster;

import org.jspecify.annotations.NullMarked;
