/** How text becomes token ids and back. */
@NullMarked
package dev.troupe.model.tokenizer;

import org.jspecify.annotations.NullMarked;
