/** Tests of learning curves. */
@NullMarked
package dev.troupe.deploy.plot;

import org.jspecify.annotations.NullMarked;
