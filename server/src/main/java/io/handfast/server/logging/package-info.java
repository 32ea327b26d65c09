/** How the log looks. */
@NullMarked
package io.handfast.server.logging;

import org.jspecify.annotations.NullMarked;
