/** What a verifier says of a trajectory. */
@NullMarked
package dev.troupe.protocol.outcome;

import org.jspecify.annotations.NullMarked;
