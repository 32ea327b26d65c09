/** Runs that producers outside of the server feed over HTTP. */
@NullMarked
package io.handfast.server.publish;

import org.jspecify.annotations.NullMarked;
