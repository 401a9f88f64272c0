/**
 * A run read back from its directory: where it stands, whether its books hold, its updates again.
 */
@NullMarked
package dev.troupe.deploy.history;

import org.jspecify.annotations.NullMarked;
