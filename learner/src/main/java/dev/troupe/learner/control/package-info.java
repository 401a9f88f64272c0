/** Learning on environments: PPO and its kin, V-trace, and the behaviour policies of PROPS. */
@NullMarked
package dev.troupe.learner.control;

import org.jspecify.annotations.NullMarked;
