@NullMarked
package io.handfast.agents.sse;

import org.jspecify.annotations.NullMarked;
