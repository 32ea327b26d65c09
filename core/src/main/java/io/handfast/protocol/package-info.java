/** The wire: frames, events, codes and limits, as spec/protocol.md fixes them. Knows no connection and no log. */
@NullMarked
package io.handfast.protocol;

import org.jspecify.annotations.NullMarked;
