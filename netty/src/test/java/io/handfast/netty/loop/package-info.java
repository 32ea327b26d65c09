@NullMarked
package io.handfast.netty.loop;

import org.jspecify.annotations.NullMarked;
