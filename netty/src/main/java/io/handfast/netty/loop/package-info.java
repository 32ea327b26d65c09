/** What belongs to one event loop and is touched only there; see docs/threads.md. */
@NullMarked
package io.handfast.netty.loop;

import org.jspecify.annotations.NullMarked;
