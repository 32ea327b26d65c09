@NullMarked
package io.handfast.netty.http;

import org.jspecify.annotations.NullMarked;
