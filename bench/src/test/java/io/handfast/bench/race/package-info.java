@NullMarked
package io.handfast.bench.race;

import org.jspecify.annotations.NullMarked;
