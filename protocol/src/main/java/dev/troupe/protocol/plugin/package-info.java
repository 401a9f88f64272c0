/** Values of plug-ins, which have no schema of ours, as bounded Kryo bytes. */
@NullMarked
package dev.troupe.protocol.plugin;

import org.jspecify.annotations.NullMarked;
