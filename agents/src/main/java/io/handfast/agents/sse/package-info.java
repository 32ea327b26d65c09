/** Server-sent events, read byte by byte as the HTML standard defines them. */
@NullMarked
package io.handfast.agents.sse;

import org.jspecify.annotations.NullMarked;
