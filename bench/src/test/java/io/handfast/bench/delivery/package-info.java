@NullMarked
package io.handfast.bench.delivery;

import org.jspecify.annotations.NullMarked;
