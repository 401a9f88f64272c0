/** Learning curves: what runs wrote down, brought together and laid out as a picture. */
@NullMarked
package dev.troupe.deploy.plot;

import org.jspecify.annotations.NullMarked;
