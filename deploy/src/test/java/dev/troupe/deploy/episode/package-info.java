/** Tests of {@code dev.troupe.deploy.episode}. */
@NullMarked
package dev.troupe.deploy.episode;

import org.jspecify.annotations.NullMarked;
