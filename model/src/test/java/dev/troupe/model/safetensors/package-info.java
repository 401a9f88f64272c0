@NullMarked
package dev.troupe.model.safetensors;

import org.jspecify.annotations.NullMarked;
