/** What the tests of runs share; the checker of the run grammar is for other modules too. */
@NullMarked
package io.handfast.run;

import org.jspecify.annotations.NullMarked;
