@NullMarked
package dev.troupe.learner;

import org.jspecify.annotations.NullMarked;
