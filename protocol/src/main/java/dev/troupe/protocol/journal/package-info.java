/** How records lie in a journal segment: length, checksums, payload. */
@NullMarked
package dev.troupe.protocol.journal;

import org.jspecify.annotations.NullMarked;
