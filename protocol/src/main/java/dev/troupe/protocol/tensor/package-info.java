/** Arrays that cross a process boundary: dtype, shape and little-endian bytes. */
@NullMarked
package dev.troupe.protocol.tensor;

import org.jspecify.annotations.NullMarked;
