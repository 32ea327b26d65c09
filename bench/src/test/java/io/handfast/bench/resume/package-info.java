@NullMarked
package io.handfast.bench.resume;

import org.jspecify.annotations.NullMarked;
