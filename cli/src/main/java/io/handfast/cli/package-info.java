/** The {@code handfast} command. */
@NullMarked
package io.handfast.cli;

import org.jspecify.annotations.NullMarked;
