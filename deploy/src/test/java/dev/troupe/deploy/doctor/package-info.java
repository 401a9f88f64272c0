/** How machines are looked at. */
@NullMarked
package dev.troupe.deploy.doctor;

import org.jspecify.annotations.NullMarked;
