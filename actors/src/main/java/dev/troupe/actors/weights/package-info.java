/** How weights reach other nodes: files of chunks, served and pulled over sockets. */
@NullMarked
package dev.troupe.actors.weights;

import org.jspecify.annotations.NullMarked;
