/**
 * A process as a node: its addresses and devices, whom it joins, how it comes up and how it ends.
 */
@NullMarked
package dev.troupe.deploy.node;

import org.jspecify.annotations.NullMarked;
