/** Chat models as agents, through LangChain4j: any endpoint that speaks OpenAI's chat completions. */
@NullMarked
package io.handfast.agents.model;

import org.jspecify.annotations.NullMarked;
