/** PyTorch from Java: tensors as opaque handles, programs as readable text, no Python. */
@NullMarked
package dev.troupe.model.torch;

import org.jspecify.annotations.NullMarked;
