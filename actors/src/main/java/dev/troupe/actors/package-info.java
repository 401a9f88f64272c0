@NullMarked
package dev.troupe.actors;

import org.jspecify.annotations.NullMarked;
