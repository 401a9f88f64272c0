/** Trained policies outside a run: loaded, tried, exported. */
@NullMarked
package dev.troupe.deploy.policy;

import org.jspecify.annotations.NullMarked;
