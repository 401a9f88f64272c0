/** All that a plug-in sees of Troupe. */
@NullMarked
package dev.troupe.plugin;

import org.jspecify.annotations.NullMarked;
