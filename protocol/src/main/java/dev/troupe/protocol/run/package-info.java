/** The specification of a run: a resolved recipe as typed values. */
@NullMarked
package dev.troupe.protocol.run;

import org.jspecify.annotations.NullMarked;
