/** Policy networks: their parameters, initial weights and program text. */
@NullMarked
package dev.troupe.model.network;

import org.jspecify.annotations.NullMarked;
