/** The schema against the one that was recorded last. */
@NullMarked
package dev.troupe.protocol.schema;

import org.jspecify.annotations.NullMarked;
