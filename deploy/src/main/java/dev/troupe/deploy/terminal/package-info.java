/** What a terminal shows: colours, the live block of a run, and reports. */
@NullMarked
package dev.troupe.deploy.terminal;

import org.jspecify.annotations.NullMarked;
