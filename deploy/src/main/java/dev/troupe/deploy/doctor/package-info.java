/** Whether this machine can train, and what to do where it can't. */
@NullMarked
package dev.troupe.deploy.doctor;

import org.jspecify.annotations.NullMarked;
