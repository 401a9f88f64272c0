@NullMarked
package dev.troupe.model;

import org.jspecify.annotations.NullMarked;
