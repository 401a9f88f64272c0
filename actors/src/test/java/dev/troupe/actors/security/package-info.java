/** Tests of keys and protected connections. */
@NullMarked
package dev.troupe.actors.security;

import org.jspecify.annotations.NullMarked;
