@NullMarked
package io.handfast.bench.client;

import org.jspecify.annotations.NullMarked;
