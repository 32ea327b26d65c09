/** The log of a thread: the only path from an agent to a reader. */
@NullMarked
package io.handfast.log;

import org.jspecify.annotations.NullMarked;
