@NullMarked
package io.handfast.bench;

import org.jspecify.annotations.NullMarked;
