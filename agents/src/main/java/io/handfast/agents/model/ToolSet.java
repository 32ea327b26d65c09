package io.handfast.agents.model;

import java.util.List;

/**
 * Tools for chat models, written in Java: a jar in the plug-in directory offers one through {@link java.util.ServiceLoader},
 * and the configuration of a model names it.
 */
public interface ToolSet {
    /** By which the configuration names it. */
    String name();

    /**
     * Objects whose methods carry LangChain4j's {@code @Tool}. A call runs on the thread of its run, which is interrupted when
     * the run is cancelled; several runs may call one object at once.
     */
    List<Object> tools();
}
