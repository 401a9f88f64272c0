/** Permission to do one piece of work until a deadline. */
@NullMarked
package dev.troupe.protocol.lease;

import org.jspecify.annotations.NullMarked;
