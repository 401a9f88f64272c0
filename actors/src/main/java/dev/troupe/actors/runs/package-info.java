/** The cluster's runs: which there are, in which order they begin, and which nodes each gets. */
@NullMarked
package dev.troupe.actors.runs;

import org.jspecify.annotations.NullMarked;
