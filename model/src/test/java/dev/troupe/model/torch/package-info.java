@NullMarked
package dev.troupe.model.torch;

import org.jspecify.annotations.NullMarked;
