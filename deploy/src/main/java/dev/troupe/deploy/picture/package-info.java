/** Pictures in files (SVG, PNG, GIF, HTML) and in terminals. */
@NullMarked
package dev.troupe.deploy.picture;

import org.jspecify.annotations.NullMarked;
