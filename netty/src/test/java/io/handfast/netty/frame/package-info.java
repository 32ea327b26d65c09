@NullMarked
package io.handfast.netty.frame;

import org.jspecify.annotations.NullMarked;
