/** The frames of RFC 6455 between bytes and messages; knows no connection and no HTTP. */
@NullMarked
package io.handfast.netty.frame;

import org.jspecify.annotations.NullMarked;
