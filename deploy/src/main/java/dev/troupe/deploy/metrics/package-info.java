/** A run's figures on disk: JSON lines and TensorBoard event files. */
@NullMarked
package dev.troupe.deploy.metrics;

import org.jspecify.annotations.NullMarked;
