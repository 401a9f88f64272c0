/** How weights, and files that recipes name, reach other nodes: served and pulled over sockets. */
@NullMarked
package dev.troupe.actors.weights;

import org.jspecify.annotations.NullMarked;
