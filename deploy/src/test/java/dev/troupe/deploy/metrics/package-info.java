/** Tests of the files that hold a run's figures. */
@NullMarked
package dev.troupe.deploy.metrics;

import org.jspecify.annotations.NullMarked;
