/** The chat page and the documentation, as the server serves them. */
@NullMarked
package io.handfast.server.site;

import org.jspecify.annotations.NullMarked;
