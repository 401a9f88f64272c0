@NullMarked
package dev.troupe.model.network;

import org.jspecify.annotations.NullMarked;
