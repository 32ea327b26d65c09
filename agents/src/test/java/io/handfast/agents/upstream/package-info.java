@NullMarked
package io.handfast.agents.upstream;

import org.jspecify.annotations.NullMarked;
