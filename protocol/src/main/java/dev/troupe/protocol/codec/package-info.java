/** Records to bytes and back, refusing what the records don't allow. */
@NullMarked
package dev.troupe.protocol.codec;

import org.jspecify.annotations.NullMarked;
