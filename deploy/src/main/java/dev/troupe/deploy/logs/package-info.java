/** Where log messages go: warnings to the terminal, everything to the run directory. */
@NullMarked
package dev.troupe.deploy.logs;

import org.jspecify.annotations.NullMarked;
