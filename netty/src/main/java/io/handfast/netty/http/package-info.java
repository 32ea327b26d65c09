/** HTTP/1.1: requests whole and within limits, routes, replies, streams. Knows nothing of threads and connections. */
@NullMarked
package io.handfast.netty.http;

import org.jspecify.annotations.NullMarked;
