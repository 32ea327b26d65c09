@NullMarked
package io.handfast.netty;

import org.jspecify.annotations.NullMarked;
