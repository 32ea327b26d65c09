/** What it costs to bring readers what waits for them. */
@NullMarked
package io.handfast.bench.delivery;

import org.jspecify.annotations.NullMarked;
