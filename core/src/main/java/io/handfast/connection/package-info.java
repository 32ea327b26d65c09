/** The connection machine: pure, no thread, clock, socket or logger. */
@NullMarked
package io.handfast.connection;

import org.jspecify.annotations.NullMarked;
