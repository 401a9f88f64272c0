@NullMarked
package dev.troupe.deploy;

import org.jspecify.annotations.NullMarked;
