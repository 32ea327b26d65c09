/** How a connection is proven, and the profiles that choose the stages and the time-outs. */
@NullMarked
package io.handfast.readiness;

import org.jspecify.annotations.NullMarked;
