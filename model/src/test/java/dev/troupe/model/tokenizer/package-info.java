@NullMarked
package dev.troupe.model.tokenizer;

import org.jspecify.annotations.NullMarked;
