/** How figures are told: as a table for a person, as JSON for a program, with the machine they come from. */
@NullMarked
package io.handfast.bench.report;

import org.jspecify.annotations.NullMarked;
