/** Who may talk to a node: keys, mutual TLS between nodes, and the rules of starting without. */
@NullMarked
package dev.troupe.actors.security;

import org.jspecify.annotations.NullMarked;
