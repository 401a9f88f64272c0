/** Processes of a cluster under faults that a seed decides, and what must hold after each. */
@NullMarked
package dev.troupe.tests.chaos;

import org.jspecify.annotations.NullMarked;
