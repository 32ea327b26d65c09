@NullMarked
package io.handfast.bench.node;

import org.jspecify.annotations.NullMarked;
