/** The race: the same edges against each way of becoming READY, measured (requirements R20, R22). */
@NullMarked
package io.handfast.bench.race;

import org.jspecify.annotations.NullMarked;
