@NullMarked
package io.handfast.bench.cost;

import org.jspecify.annotations.NullMarked;
