/** Tests of the command line: messages, exit codes, help. */
@NullMarked
package dev.troupe.deploy.command;

import org.jspecify.annotations.NullMarked;
