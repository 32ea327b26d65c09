/** The server: everything put together in one place. */
@NullMarked
package io.handfast.server;

import org.jspecify.annotations.NullMarked;
