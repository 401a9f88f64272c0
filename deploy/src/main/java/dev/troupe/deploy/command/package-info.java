/** The commands that people type. */
@NullMarked
package dev.troupe.deploy.command;

import org.jspecify.annotations.NullMarked;
