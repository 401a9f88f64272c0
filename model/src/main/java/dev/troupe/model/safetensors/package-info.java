/** Safetensors files: named tensors behind a checked header. */
@NullMarked
package dev.troupe.model.safetensors;

import org.jspecify.annotations.NullMarked;
