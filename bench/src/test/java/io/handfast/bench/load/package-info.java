@NullMarked
package io.handfast.bench.load;

import org.jspecify.annotations.NullMarked;
