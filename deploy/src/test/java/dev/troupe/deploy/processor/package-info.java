/** Where this process's processor time goes. */
@NullMarked
package dev.troupe.deploy.processor;

import org.jspecify.annotations.NullMarked;
