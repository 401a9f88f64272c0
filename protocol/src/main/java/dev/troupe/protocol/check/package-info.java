/** What every record of the protocol demands of its components. */
@NullMarked
package dev.troupe.protocol.check;

import org.jspecify.annotations.NullMarked;
