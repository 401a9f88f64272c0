/** Tests of trained policies outside a run. */
@NullMarked
package dev.troupe.deploy.policy;

import org.jspecify.annotations.NullMarked;
