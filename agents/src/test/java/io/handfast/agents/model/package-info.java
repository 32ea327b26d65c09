@NullMarked
package io.handfast.agents.model;

import org.jspecify.annotations.NullMarked;
