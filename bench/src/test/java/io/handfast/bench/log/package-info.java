@NullMarked
package io.handfast.bench.log;

import org.jspecify.annotations.NullMarked;
