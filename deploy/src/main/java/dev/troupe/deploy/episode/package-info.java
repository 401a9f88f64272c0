/** Episodes that are played to be looked at: in a terminal, or in a file. */
@NullMarked
package dev.troupe.deploy.episode;

import org.jspecify.annotations.NullMarked;
