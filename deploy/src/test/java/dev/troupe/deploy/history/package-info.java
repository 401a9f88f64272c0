/** Tests of runs read back from their directories. */
@NullMarked
package dev.troupe.deploy.history;

import org.jspecify.annotations.NullMarked;
