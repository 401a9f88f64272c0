@NullMarked
package dev.troupe.rollout;

import org.jspecify.annotations.NullMarked;
